// A number with the form of the word that it asks for, in the language that is spoken. Knows no words itself.
import { language } from "./language.svelte";

export function counted(n: number, forms: { one: string; other: string }): string {
  const form = new Intl.PluralRules(language.locale).select(n) === "one" ? forms.one : forms.other;
  return `${new Intl.NumberFormat(language.locale).format(n)} ${form}`;
}
