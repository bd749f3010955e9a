/** Masking: properties over all ways to cut a stream, and the spellings of a secret. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Mask, maskText } from '../../runtime/worker/mask.ts';
import { secretsOf, spellings } from '../../runtime/worker/secrets.ts';
import { parseConnection } from '../../src/connections/connection.ts';

/** The definition, without streams: bytes that lie in any occurrence are hidden, runs become ***. */
function reference(text: Buffer, secrets: Buffer[]): string {
  const hidden = new Uint8Array(text.length);
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1)) {
      hidden.fill(1, at, at + secret.length);
    }
  }
  let out = '';
  for (let i = 0; i < text.length; i += 1) {
    if (!hidden[i]) out += String.fromCharCode(text[i]!);
    else if (i === 0 || !hidden[i - 1]) out += '***';
  }
  return out;
}

function streamed(chunks: Buffer[], secrets: Buffer[]): string {
  const mask = new Mask(secrets);
  return Buffer.concat([...chunks.map((chunk) => mask.push(chunk)), mask.end()]).toString('latin1');
}

describe('mask', () => {
  it('hides the same bytes wherever the stream is cut', () => {
    const letters = fc.string({
      unit: fc.constantFrom('a', 'b', 'c'),
      minLength: 0,
      maxLength: 60,
    });
    const secret = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(
        letters,
        fc.array(secret, { maxLength: 4 }),
        fc.array(fc.nat(60), { maxLength: 10 }),
        (text, secrets, cuts) => {
          const bytes = Buffer.from(text);
          const hidden = secrets.map((one) => Buffer.from(one));
          const places = [0, ...cuts.sort((a, b) => a - b), bytes.length].map((cut) =>
            Math.min(cut, bytes.length),
          );
          const chunks = places.slice(1).map((to, i) => bytes.subarray(places[i], to));
          assert.equal(streamed(chunks, hidden), reference(bytes, hidden));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('holds back no more than the beginning of a secret', () => {
    const mask = new Mask([Buffer.from('password')]);
    assert.equal(mask.push(Buffer.from('a pass')).toString(), 'a ');
    assert.equal(mask.push(Buffer.from('age')).toString(), 'passage');
    assert.equal(mask.end().length, 0);
  });

  it('hides what overlaps and what is the beginning of something longer', () => {
    const secrets = ['abcde', 'abcdefgh', 'defXYZ'].map((one) => Buffer.from(one));
    assert.equal(streamed([Buffer.from('1abcde'), Buffer.from('fgh2')], secrets), '1***2');
    assert.equal(streamed([Buffer.from('1abcde'), Buffer.from('fXYZ2')], secrets), '1***2');
    assert.equal(streamed([Buffer.from('abcdeabcde')], secrets), '***');
  });
});

describe('secrets', () => {
  const password = 'p@ss/wörd "1"\\';

  it('knows the spellings in which programs print a secret', () => {
    const forms = spellings([password]);
    const prints = [
      password,
      encodeURIComponent(password),
      encodeURIComponent(password).toLowerCase(),
      new URLSearchParams({ p: password }).toString(),
      JSON.stringify({ p: password }),
      `"p@ss/w\\u00f6rd \\"1\\"\\\\"`,
      ...['', 'u:', 'us:', 'user:'].map((before) =>
        Buffer.from(`${before}${password}`).toString('base64'),
      ),
      Buffer.from(password).toString('base64url'),
    ];
    for (const print of prints) {
      const masked = maskText(`before ${print} after`, forms);
      assert.match(masked, /\*\*\*/, print);
      assert.ok(!masked.includes('ss/w') && !masked.includes('ss%2'), masked);
    }
  });

  it('hides each long line of a secret of several lines', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n';
    const forms = spellings([key]);
    assert.equal(maskText('line: MIIEvQIBADANBg', forms), 'line: ***');
    assert.equal(maskText(JSON.stringify(key), forms), '"***"');
  });

  it('collects passwords, secret extras and secret variables, and leaves short and other values', () => {
    const connection = parseConnection('c', {
      type: 's3',
      host: 'store',
      login: 'reader',
      password: 'hunter22',
      extra: { private_key: 'PEMPEMPEM', region: 'eu-west-1', nested: { api_key: 'k-12345' } },
    });
    const variables = {
      slack_token: 'xoxb-1234',
      config: { db_password: ['inner-one'] },
      plain: 'visible',
      pin_secret: 'abc',
    };
    assert.deepEqual(secretsOf([connection], variables).sort(), [
      'PEMPEMPEM',
      'hunter22',
      'inner-one',
      'k-12345',
      'xoxb-1234',
    ]);
  });
});
