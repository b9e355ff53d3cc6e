//! The output of `verify`: findings, a progress bar while a file is read, and the verdict, or one JSON line.

use crate::output::json::{self, Json};
use crate::output::messages::{advice_to_verify, verdict};
use crate::output::{Failure, Output, shown, stdio};
use crate::units;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use windlass_engine::{Fault, Finding, Held, Verdict, Verification, What};

pub(crate) struct VerifyOutput {
    json: bool,
    bucket: String,
    key: String,
    /// The local file, if one is read.
    path: String,
    /// Number of findings printed so far.
    put: usize,
    bar: Option<ProgressBar>,
}

/// The result of a verification.
pub(crate) struct VerifyOutcome {
    pub(crate) verdict: Verdict,
    pub(crate) findings: Vec<Finding>,
    /// Whether a receipt was compared, not only a file.
    pub(crate) receipt: bool,
}

impl VerifyOutput {
    pub(crate) fn new(json: bool) -> Self {
        let (bucket, key, path) = Default::default();
        Self { json, bucket, key, path, put: 0, bar: None }
    }

    /// Sets the object, as soon as it is known.
    pub(crate) fn about(&mut self, bucket: &str, key: &str) {
        (self.bucket, self.key) = (bucket.into(), key.into());
    }

    pub(crate) fn reads(&mut self, path: &str) {
        self.path = path.into();
    }

    pub(crate) fn say(&mut self, words: &str) {
        stdio::report(words);
    }

    pub(crate) fn moving(&mut self, now: &Verification) {
        if self.json {
            return;
        }
        if !now.running {
            self.clear();
        }
        for finding in now.findings.iter().skip(self.put) {
            let line = line_of(finding);
            match &self.bar {
                Some(bar) => bar.suspend(|| stdio::line(&line)),
                None => stdio::line(&line),
            }
        }
        self.put = now.findings.len().max(self.put);
        if now.size == 0 || !now.running || !std::io::stderr().is_terminal() {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::new_spinner();
            match ProgressStyle::with_template("{wide_msg}") {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        let so_far = format!("{} of {}", units::size_text(now.read), units::size_text(now.size));
        bar.set_message(format!(
            "  reading the file  {} {so_far}",
            shown::bar(now.read, 0, now.size)
        ));
    }

    /// Prints the verdict. True if nothing differs.
    pub(crate) fn ended(&mut self, ended: &VerifyOutcome) -> bool {
        self.clear();
        if self.json {
            let object = (self.bucket.as_str(), self.key.as_str());
            json::verified(object, ended.verdict, &ended.findings, ended.receipt);
        } else {
            stdio::line(&verdict(ended.verdict, ended.receipt));
        }
        // a file that could not be read is not known to match
        let mut of_file = ended.findings.iter().filter(|finding| finding.what == What::File);
        matches!(ended.verdict, Verdict::Same | Verdict::SizeOnly)
            && of_file.all(|finding| finding.held == Held::Same)
    }

    pub(crate) fn failed(&mut self, fault: &Fault) {
        self.clear();
        if self.json {
            let Self { path, bucket, key, .. } = self;
            let failure =
                Failure { path, bucket, key, fault, kept: false, on_server: false, along: false };
            return Json::default().failed(&failure);
        }
        stdio::report(&format!("error: {}", fault.detail));
        stdio::report(&format!("       {}", advice_to_verify(fault)));
    }

    pub(crate) fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn line_of(finding: &Finding) -> String {
    format!("{:<10}  {:<8}  {}", finding.what, finding.held, finding.said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use windlass_engine::Evidence;

    #[test]
    fn findings_stand_in_columns() {
        let line = |what, held| line_of(&Finding { what, held, said: Evidence::There });
        let lines = [
            line(What::Object, Held::Same),
            line(What::File, Held::Untold),
            line(What::Checksum, Held::Differs),
        ];
        assert_eq!(lines[1], "Local file  unknown   it exists");
        assert!(lines.iter().all(|line| line.len() == lines[1].len()), "{lines:?}");
    }

    #[test]
    fn a_file_that_differs_or_cannot_be_read_is_no_success() {
        let mut output = VerifyOutput::new(true);
        let mut ended = |verdict, file: Option<Held>| {
            let said = Evidence::FileSame;
            let file = file.map(|held| Finding { what: What::File, held, said });
            output.ended(&VerifyOutcome {
                verdict,
                findings: file.into_iter().collect(),
                receipt: true,
            })
        };
        assert!(ended(Verdict::Same, None) && ended(Verdict::SizeOnly, Some(Held::Same)));
        assert!(!ended(Verdict::Differs, None) && !ended(Verdict::Gone, None));
        assert!(!ended(Verdict::Same, Some(Held::Differs)));
        assert!(!ended(Verdict::Same, Some(Held::Untold)));
    }
}
