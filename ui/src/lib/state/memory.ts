// Small things the window remembers by itself between two starts; never a secret.

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`windlass.${name}`, JSON.stringify(value));
  } catch {
    // Remembering is a comfort: without it the next start begins with the defaults.
  }
}

export function recall<T>(name: string): T | null {
  try {
    const text = localStorage.getItem(`windlass.${name}`);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}
