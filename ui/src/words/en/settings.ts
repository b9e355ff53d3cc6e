// The settings, section by section.

export const settings = {
  title: "Settings",
  setTo: "Set to",
  automatic: "Automatic",

  appearance: {
    title: "Appearance",
    colours: "Colours",
    themes: { system: "Like the system", light: "Light", dark: "Dark" },
    rows: "Rows",
    densities: { normal: "Normal", compact: "Compact" },
    language: "Language",
    systemLanguage: "Like the system",
  },

  speed: {
    title: "Speed",
    atOnce: "Uploads at once",
    connections: "Connections",
    connectionsHint:
      "Requests under way at the same time, over all uploads. Automatic finds out what the line can carry.",
    limit: "Limit",
    noLimit: "No limit",
  },

  parts: {
    title: "Parts",
    size: "Part size",
    hint: "Big files go up in parts. S3 allows 5\u00a0MiB to 5\u00a0GiB each, and 10,000 of them; larger files get larger parts where it must be.",
  },

  changing: {
    title: "Files that keep changing",
    askAfter: "Ask after",
    hint: "Windlass waits for such a file to keep still, and sends again what changed. After this long it asks what to do.",
    minutes: "minutes",
  },

  whenDone: {
    title: "When everything is sent",
    tell: "Tell",
    notify: "Show a notification",
    sound: "With a sound",
    notifyHint: "Also when an upload fails.",
    then: "Then",
    ways: { stay: "Stay", quit: "Quit Windlass", sleep: "Put the computer to sleep" },
  },

  power: {
    title: "Window and power",
    computer: "This computer",
    keepAwake: "Keep it awake while sending",
    closing: "On closing",
    closingHint: "What closing the window does while uploads run.",
    ways: { ask: "Ask", quit: "Quit", tray: "Keep uploading in the tray" },
  },

  about: {
    title: "About",
    version: "Version",
    files: "Its own files",
    copyPath: "Copy the folder's path",
  },
};
