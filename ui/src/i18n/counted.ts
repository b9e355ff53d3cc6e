// A number with the form of the word that it asks for, in the language that is spoken. Knows no words itself.
import { figures } from "./figures";

export function counted(n: number, forms: { one: string; other: string }): string {
  const { count, forms: rules } = figures();
  return `${count.format(n)} ${rules.select(n) === "one" ? forms.one : forms.other}`;
}
