//! The threads of a process, as the system reports them.

/// proc_pid_stat(5)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    pub number: u32,
    pub name: String,
    pub nice: i32,
}

impl Thread {
    /// One of the runtime's, or the journal's.
    pub fn works(&self) -> bool {
        self.name.starts_with("tokio") || self.name == "journal"
    }
}

/// None where there is no such process, or the system tells nothing of the kind.
pub fn threads(process: u32) -> Vec<Thread> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    let reported = tasks.flatten().filter_map(|task| {
        let stat = std::fs::read_to_string(task.path().join("stat")).ok()?;
        let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
        // the third field comes first behind the name, and the nice value is the nineteenth
        let nice = rest.split_whitespace().nth(16)?.parse().ok()?;
        let number = task.file_name().to_str()?.parse().ok()?;
        Some(Thread { number, name: name.to_owned(), nice })
    });
    reported.collect()
}
