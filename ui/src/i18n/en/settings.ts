// The settings, section by section.

export const settings = {
  title: "Settings",
  setTo: "Fixed",
  automatic: "Automatic",

  appearance: {
    title: "Appearance",
    colours: "Theme",
    themes: { system: "System", light: "Light", dark: "Dark" },
    rows: "Rows",
    densities: { normal: "Normal", compact: "Compact" },
    language: "Language",
    systemLanguage: "System",
  },

  speed: {
    title: "Speed",
    atOnce: "Concurrent large uploads",
    connections: "Connections",
    connectionsHint:
      "To each server, for all uploads together. Automatic finds the number with the highest throughput.",
    limit: "Limit",
    noLimit: "No limit",
    limitTo: "Limit to",
    others: "Priority",
    lowPriority: "Give other programs priority",
    lowPriorityHint:
      "Windlass then runs at low priority: for the processor and, where the system supports it, for the disk.",
    lowPriorityLinux: "On Linux, turning this off takes effect the next time Windlass starts.",
  },

  hours: {
    title: "Schedule",
    table: "Scheduled limits",
    days: "Days",
    from: "From",
    until: "Until",
    limit: "Limit",
    /** in an empty field */
    none: "none",
    limitIn: (unit: string) => `Limit in ${unit}, empty for none`,
    add: "Add times",
    remove: "Remove these times",
    up: "Move these times up",
    hint: "A different limit at certain times, such as a lower one during work. At all other times the limit above applies.",
    first: "Where times overlap, the upper ones apply.",
    noDay: "Without a day, these times never apply.",
    wholeDay: (time: string) => `24 hours, from ${time}`,
    allDay: "All day",
    overnight: (time: string) => `Until ${time} on the next day`,
    noTime: "Not a time of day. Write it like 08:00.",
    noLimit: "Not a number of MB/s. Leave it empty for no limit.",
  },

  parts: {
    title: "Parts",
    size: "Part size",
    hint: "Large files are uploaded in parts. S3 allows 10,000 parts of 5\u00a0MiB to 5\u00a0GiB each; very large files get larger parts where necessary.",
  },

  changing: {
    title: "Files that keep changing",
    askAfter: "Ask after",
    hint: "Windlass waits until such a file is stable and resends what changed. After this long it asks what to do.",
    minutes: "minutes",
  },

  exists: {
    title: "If an object already exists",
    what: "What to do",
    hint: "Unless the connection or an upload says otherwise. “Ask” sends nothing until you have answered.",
  },

  whenDone: {
    title: "When all uploads are done",
    tell: "Notify",
    notify: "With a notification",
    sound: "With a sound",
    notifyHint: "Also when an upload fails.",
    then: "Afterwards",
    ways: { stay: "Do nothing", quit: "Quit Windlass", sleep: "Put the computer to sleep" },
  },

  power: {
    title: "Window and power",
    computer: "This computer",
    keepAwake: "Keep it awake while uploading",
    closing: "When closing",
    closingHint: "What closing the window does while uploads are running.",
    ways: { ask: "Ask", quit: "Quit", tray: "Keep uploading in the tray" },
  },

  about: {
    title: "About",
    version: "Version",
    files: "Data folder",
    copyPath: "Copy folder path",
    log: "Log folder",
    report: "Problem report",
    reportNames: "Include names of files, buckets, keys and servers",
    reportHint:
      "A zip file with the log, the settings and the state of the uploads. It contains no passwords or access keys. Windlass does not send it anywhere.",
    saveReport: "Save a report...",
    copyReportPath: "Copy path of the report",
  },
};
