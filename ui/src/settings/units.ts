// What the settings are counted in, and how those units are written in any language; knows no setting.

/** A part is measured in powers of two, as S3 does. */
export const MIB = { bytes: 1024 * 1024, name: "MiB" } as const;
/** A line is measured in powers of ten, as its seller does. */
export const MB_A_SECOND = { bytes: 1_000_000, name: "MB/s" } as const;
export const MINUTE = 60;
