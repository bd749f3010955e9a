/**
 * Reads single options of authors: whole numbers, durations, choices. A bad one is reported with its
 * place and range and replaced by the default, so that reading can go on.
 */
import { MAX_DURATION, parseDuration } from '../dag/duration.ts';
import { type Problems, show } from './problems.ts';

const MAX_INT = 2147483647;

export class OptionReader {
  readonly #problems: Problems;
  readonly #where: string;

  constructor(problems: Problems, where: string) {
    this.#problems = problems;
    this.#where = where;
  }

  bad(option: string, problem: string, remedy: string): void {
    this.#problems.option(`${this.#where}, ${option}`, problem, remedy);
  }

  /** The member that is there, or an empty one. */
  object(option: string, value: unknown): Record<string, unknown> {
    if (value === undefined) return {};
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    this.bad(option, `${show(value)} is no object`, 'Give an object with named options.');
    return {};
  }

  /** Plain JavaScript callers have no compiler that tells them of a typing error. */
  known(value: object, names: readonly string[], prefix = ''): void {
    for (const name of Object.keys(value)) {
      if (names.includes(name)) continue;
      this.bad(
        `${prefix}${name.slice(0, 60)}`,
        'there is no such option',
        `Known are ${names.join(', ')}.`,
      );
    }
  }

  whole<Default extends number | undefined>(
    option: string,
    value: unknown,
    fallback: Default,
    { min = 0, max = MAX_INT }: { min?: number; max?: number } = {},
  ): number | Default {
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
      return value === 0 ? 0 : value;
    }
    this.bad(option, `${show(value)} is not usable`, `Give a whole number from ${min} to ${max}.`);
    return fallback;
  }

  number(
    option: string,
    value: unknown,
    fallback: number,
    { min, max }: { min: number; max: number },
  ): number {
    if (value === undefined) return fallback;
    if (typeof value === 'number' && value >= min && value <= max) return value === 0 ? 0 : value;
    this.bad(option, `${show(value)} is not usable`, `Give a number from ${min} to ${max}.`);
    return fallback;
  }

  duration<Default extends number | undefined>(
    option: string,
    value: unknown,
    fallback: Default,
    { min = 0, max = MAX_DURATION }: { min?: number; max?: number } = {},
  ): number | Default {
    if (value === undefined) return fallback;
    try {
      const seconds = parseDuration(value);
      if (seconds >= min && seconds <= max) return seconds;
      this.bad(
        option,
        `${show(value)} is not usable`,
        `Give a duration from ${min} s to ${max} s.`,
      );
    } catch (error) {
      this.bad(
        option,
        (error as Error).message,
        'Write seconds, or text such as "90s", "5m", "1h30m".',
      );
    }
    return fallback;
  }

  boolean(option: string, value: unknown, fallback: boolean): boolean {
    if (value === undefined) return fallback;
    if (typeof value === 'boolean') return value;
    this.bad(option, `${show(value)} is neither true nor false`, 'Give true or false.');
    return fallback;
  }

  oneOf<Choice extends string, Default extends Choice | undefined>(
    option: string,
    value: unknown,
    choices: readonly Choice[],
    fallback: Default,
  ): Choice | Default {
    if (value === undefined) return fallback;
    if ((choices as readonly unknown[]).includes(value)) return value as Choice;
    this.bad(option, `${show(value)} is not known`, `Choose one of ${choices.join(', ')}.`);
    return fallback;
  }

  text<Default extends string | undefined>(
    option: string,
    value: unknown,
    fallback: Default,
    longest = 1000,
  ): string | Default {
    if (value === undefined) return fallback;
    if (typeof value === 'string' && value !== '' && value.length <= longest) {
      if (!/\0|\p{Surrogate}/u.test(value)) return value;
    }
    this.bad(option, `${show(value)} is not usable`, `Give text of 1 to ${longest} characters.`);
    return fallback;
  }

  texts(option: string, value: unknown): string[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.bad(option, `${show(value)} is no list`, 'Give a list of texts.');
      return [];
    }
    const read = value.map((one, index) => this.text(`${option}[${index}]`, one, undefined, 200));
    return read.filter((one) => one !== undefined);
  }
}
