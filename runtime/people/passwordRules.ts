/**
 * What a password must be: long, and none that everybody tries first. No rules on kinds of characters: they make passwords
 * that are hard to remember and easy to guess. Pure.
 */
export const LEAST_CHARACTERS = 10;
export const MOST_CHARACTERS = 200;

/** Of ten characters and more, from lists of what was found in breaches; shorter ones are refused anyway. */
const COMMON = new Set(
  `1234567890 12345678910 123456789a 1234567891 0123456789 0987654321 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc
   qwertyuiop qwerty12345 qwerty123456 qwertyuiop123 asdfghjkl1 asdfghjkl123 zxcvbnm123 q1w2e3r4t5 q1w2e3r4t5y6 password12
   password123 password1234 password12345 passw0rd123 p@ssw0rd123 p@ssword123 mypassword mypassword1 thepassword
   iloveyou12 iloveyou123 iloveyou1234 iloveyouforever abcdefghij abcdefghijk abcd123456 abc1234567 abc123456789 a123456789
   a1b2c3d4e5 aa12345678 aa123456789 administrator admin12345 admin123456 adminadmin administrator1 changeme123 changemenow
   letmein123 letmein1234 welcome123 welcome1234 welcome2024 welcome2025 welcome2026 summer2024! summer2025! winter2025!
   football123 baseball123 basketball superman123 batman12345 pokemon123 minecraft123 michael123 jennifer123 christopher
   sunshine123 princess123 dragon12345 monkey12345 computer123 internet123 samsung123 starwars123 liverpool123 chelsea123
   1111111111 0000000000 9999999999 1212121212 1122334455 9876543210 1234512345 123123123123 qazwsxedcrfv zaq12wsxcde3
   correcthorsebatterystaple trustno1trustno1 secret12345 secretsecret testtest12 testtest123 test123456 temp123456
   kubernetes podline123 podlineadmin podlinepodline`.split(/\s+/),
);

/** Null: it is good. Else a reason that goes on from "the password". */
export function passwordProblem(password: string, name: string): string | null {
  const text = password.normalize('NFKC');
  const characters = Array.from(text).length;
  if (characters < LEAST_CHARACTERS) return `has fewer than ${LEAST_CHARACTERS} characters`;
  if (characters > MOST_CHARACTERS) return `has more than ${MOST_CHARACTERS} characters`;
  const lower = text.toLowerCase();
  if (COMMON.has(lower)) return 'is one that everybody tries first';
  if (new Set(lower).size < 4) return 'repeats a few characters';
  if (isRun(lower)) return 'is a run of neighbouring characters';
  const own = name.toLowerCase().split('@')[0] ?? '';
  if (own.length >= 4 && lower.includes(own)) return 'contains the name of its user';
  return null;
}

/** `abcdefghijk`, `9876543210`. */
function isRun(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] ?? 0)));
  return steps.size === 1;
}
