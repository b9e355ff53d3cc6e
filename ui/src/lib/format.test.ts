// Sizes, rates and times read as people write them.
import { afterEach, describe, expect, it } from "vitest";
import { cases } from "./cases";
import { language } from "../i18n/language.svelte";
import {
  binary,
  bytes,
  bytesOf,
  count,
  day,
  ends,
  left,
  percent,
  plural,
  rate,
  sentence,
  took,
  when,
} from "./format";

describe("sizes", () => {
  it(
    "are decimal",
    cases(
      "%s is %s",
      [
        [0, "0 bytes"],
        [1, "1 byte"],
        [999, "999 bytes"],
        [1000, "1 kB"],
        [1_500_000, "1.5 MB"],
        [999_600_000, "1 GB"],
        [41_200_000_000, "41.2 GB"],
        [412_000_000_000, "412 GB"],
        [1_024_000_000_000, "1.02 TB"],
        [48_800_000_000_000, "48.8 TB"],
      ],
      (n, text) => expect(bytes(n)).toBe(text),
    ),
  );

  it(
    "of parts are binary",
    cases(
      "%s is %s",
      [
        [5 * 1024 ** 2, "5 MiB"],
        [80 * 1024 ** 2, "80 MiB"],
        [5 * 1024 ** 3, "5 GiB"],
        [1023 * 1024, "1,023 KiB"],
      ],
      (n, text) => expect(binary(n)).toBe(text),
    ),
  );

  it("names the unit once where both share it", () => {
    expect(bytesOf(25_600_000_000, 41_200_000_000)).toBe("25.6 of 41.2 GB");
    expect(bytesOf(185_000_000, 9_800_000_000)).toBe("185 MB of 9.8 GB");
    expect(bytesOf(0, 9_800_000_000)).toBe("0 of 9.8 GB");
    // what is sent is never shown as less than what is stored of it
    expect(bytesOf(3_720_000_000, 4_290_000_000)).toBe("3.72 of 4.29 GB");
    expect(bytesOf(3_700_000_000, 4_290_000_000)).toBe("3.70 of 4.29 GB");
    expect(bytesOf(77_000_000_000, 77_000_000_000)).toBe("77 GB");
    expect(bytesOf(3, 10)).toBe("3 bytes of 10 bytes");
  });

  it("groups thousands and knows one from many", () => {
    expect(plural(1, "file")).toBe("1 file");
    expect(plural(100_000, "file")).toBe("100,000 files");
  });
});

describe("rates", () => {
  it(
    "have two digits",
    cases(
      "%s is %s",
      [
        [0, "0 B/s"],
        [-5, "0 B/s"],
        [84_300_000, "84 MB/s"],
        [3_240_000, "3.2 MB/s"],
      ],
      (n, text) => expect(rate(n)).toBe(text),
    ),
  );
});

describe("percent", () => {
  it("is never 100 before the end", () => {
    expect(percent(999_999, 1_000_000)).toBe(99);
    expect(percent(1_000_000, 1_000_000)).toBe(100);
  });
  it("holds for an empty file", () => expect(percent(0, 0)).toBe(0));
});

describe("times", () => {
  it(
    "left are rounded",
    cases(
      "%s s left read %s",
      [
        [0, "5 s"],
        [11, "15 s"],
        [55, "55 s"],
        [56, "1 min"],
        [140, "2 min"],
        [3599, "1 h"],
        [7800, "2 h 10 min"],
        [40_000, "11 h"],
        [200_000, "2 days"],
        [Number.POSITIVE_INFINITY, ""],
        [-1, ""],
      ],
      (n, text) => expect(left(n)).toBe(text),
    ),
  );

  it(
    "taken are exact",
    cases(
      "%s ms took %s",
      [
        [300, "under 1 s"],
        [4_000, "4 s"],
        [200_000, "3 min 20 s"],
        [3_900_000, "1 h 5 min"],
      ],
      (n, text) => expect(took(n)).toBe(text),
    ),
  );

  it("says the day only when it was not today", () => {
    const now = new Date(2026, 7, 3, 15, 0, 0).getTime();
    expect(when(now - 60_000, now)).toBe("14:59:00");
    expect(when(now - 86_400_000, now)).toBe("2 Aug, 15:00:00");
  });
});

describe("sentence", () => {
  it(
    "begins with a capital, unless with an address",
    cases(
      "%j",
      [
        ["the file kept changing for 2 s", "The file kept changing for 2 s"],
        ["http://s3.example.com says: no", "http://s3.example.com says: no"],
        ["s3.example.com is gone", "s3.example.com is gone"],
        ["Already large", "Already large"],
        ["", ""],
      ],
      (words, as) => expect(sentence(words)).toBe(as),
    ),
  );
});

describe("ends", () => {
  it("leaves a short name whole", () =>
    expect(ends("render_v3.mov", 10)).toEqual(["render_v3.mov", ""]));
  it("keeps the ending of a long one, and loses nothing", () => {
    const name = "Interview with the lighthouse keeper, second night (final).mov";
    const [head, tail] = ends(name, 12);
    expect(head + tail).toBe(name);
    expect(tail).toBe(" (final).mov".slice(-12));
  });
  it("does not cut a letter in two", () => {
    const name = "🎬".repeat(30);
    const [head, tail] = ends(name, 10);
    expect([...tail]).toHaveLength(10);
    expect(head + tail).toBe(name);
  });
});

describe("in German", () => {
  const spoken = (system = ["en-US"]) => {
    language.wanted = "de";
    language.system = system;
  };
  afterEach(() => {
    language.wanted = "system";
    language.system = ["en"];
  });

  it("writes sizes and rates with a comma", () => {
    spoken();
    expect(bytes(999)).toBe("999 Byte");
    expect(bytes(1_024_000_000_000)).toBe("1,02 TB");
    expect(binary(1023 * 1024)).toBe("1.023 KiB");
    expect(bytesOf(25_600_000_000, 41_200_000_000)).toBe("25,6 von 41,2 GB");
    expect(bytesOf(25_000_000_000, 41_200_000_000)).toBe("25,0 von 41,2 GB");
    expect(rate(3_240_000)).toBe("3,2 MB/s");
  });

  it("writes times and days", () => {
    spoken();
    const now = new Date(2026, 7, 14, 15, 0, 0).getTime();
    expect(left(7800)).toBe("2 Std. 10 Min.");
    expect(left(200_000)).toBe("2 Tage");
    expect(took(300)).toBe("unter 1 Sek.");
    expect(took(200_000)).toBe("3 Min. 20 Sek.");
    expect(day(now)).toBe("14. August 2026");
    expect(when(now, now)).toBe("15:00:00");
    expect(when(now - 86_400_000, now)).toBe("13. Aug., 15:00:00");
  });

  it("follows the country of the system where that speaks it", () => {
    spoken(["en-US", "de-CH"]);
    expect(count(100_000)).toEqual(expect.stringMatching(/^100['’]000$/));
  });
});
