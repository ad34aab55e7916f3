import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as z from 'zod';
import { catalogueErrors, type ErrorCode, findError } from '../lib/error-catalogue/catalogue.ts';
import { fill } from '../lib/error-catalogue/fill.ts';
import { parametersByName } from '../lib/error-catalogue/parameters.ts';
import type { Language } from '../lib/language.ts';

const root = new URL('../', import.meta.url);
const languages: Language[] = ['en', 'pt-BR'];

const found = (name: string) => {
  const error = findError(name);
  assert.ok(error, `${name} is not in the catalogue`);
  return error;
};

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('every code is there once', () => {
  assert.equal(catalogueErrors.length, 206);
  assert.equal(new Set(catalogueErrors.map(({ code }) => code)).size, 206);
});

test('a code that does not exist does not compile', () => {
  const code: ErrorCode = 'GROUP_NOT_FOUND';
  // @ts-expect-error: the catalogue has no such code.
  const typo: ErrorCode = 'GROUP_NOT_FUOND';
  assert.deepEqual([findError(code)?.code, findError(typo)], [code, undefined]);
});

test('an error answers to its current and to its former name', () => {
  const current = found('ADDRESS_ALREADY_IN_ACCESS_LIST');
  assert.equal(findError('ADDRESS_ALREADY_IN_WHITELIST'), current);
  assert.equal(current.code, 'ADDRESS_ALREADY_IN_ACCESS_LIST');
  assert.equal(catalogueErrors.filter(({ formerCode }) => formerCode).length, 8);
  for (const error of catalogueErrors)
    if (error.formerCode) assert.equal(findError(error.formerCode), error, error.formerCode);
  assert.equal(findError('toString'), undefined);
});

test('only the status that no document gives is unknown, and Atlas has its own for five codes', () => {
  const unknown = catalogueErrors.filter(({ status }) => status === 'unknown').map(({ code }) => code);
  assert.deepEqual(unknown, ['INVALID_MONITORING_STATE']);
  const differing = catalogueErrors.filter(({ atlasStatus }) => atlasStatus !== undefined);
  assert.equal(differing.length, 5);
  for (const { code, status, atlasStatus } of differing) assert.notEqual(atlasStatus, status, code);
});

for (const language of languages) {
  test(`${language}: each message uses every parameter of its code, and remedies use none`, () => {
    for (const error of catalogueErrors) {
      const { message, remedy } = error[language];
      assert.deepEqual(placeholders(message), [...error.parameters].sort(), error.code);
      assert.doesNotMatch(remedy, /[{}<>]/, error.code);
    }
  });

  test(`${language}: no text is empty, and no two codes share a message or a remedy`, () => {
    for (const kind of ['message', 'remedy'] as const) {
      const codes = new Map<string, string>();
      for (const error of catalogueErrors) {
        const text = error[language][kind];
        assert.match(text, /^\p{Lu}.{15,}\.$/u, `${error.code} ${kind}`);
        assert.equal(codes.get(words(text).join(' ')), undefined, `${error.code} has another code's ${kind}`);
        codes.set(words(text).join(' '), error.code);
      }
    }
  });

  test(`${language}: every text reads whole with all, some and none of its values`, () => {
    for (const error of catalogueErrors)
      for (let count = 0; count <= error.parameters.length; count++) {
        const message = fill(error[language].message, parametersByName(error, Array(count).fill('VALUE')));
        assert.doesNotMatch(message, /[{}]|\(\s*\)|\s[.,;:)]|\(\s| {2}|undefined|null/, error.code);
      }
  });
}

test('the two languages are not the same text', () => {
  for (const { code, en, 'pt-BR': pt } of catalogueErrors) {
    assert.notEqual(en.message, pt.message, code);
    assert.notEqual(en.remedy, pt.remedy, code);
  }
});

const saidOf = (code: ErrorCode, values: readonly unknown[] | null | undefined, language: Language = 'en') =>
  fill(found(code)[language].message, parametersByName(found(code), values));

test('values go by position', () => {
  assert.equal(
    saidOf('ALERT_NOT_FOUND', ['5f1', 'g-7']),
    'This project (g-7) has no alert with the ID given (5f1).',
  );
  assert.equal(
    saidOf('ALERT_NOT_FOUND', ['5f1', 'g-7'], 'pt-BR'),
    'Este projeto (g-7) não tem alerta com o ID informado (5f1).',
  );
});

test('values that are missing leave a whole sentence', () => {
  const bare = 'This project has no alert with the ID given.';
  for (const values of [undefined, null, [], [null, undefined], ['', ' '], [{}, []]])
    assert.equal(saidOf('ALERT_NOT_FOUND', values), bare);
  assert.equal(saidOf('ALERT_NOT_FOUND', ['5f1']), 'This project has no alert with the ID given (5f1).');
});

test('a parenthesis with two values needs both', () => {
  assert.match(
    saidOf('MISSING_ONE_OF_ATTRIBUTES', ['cidrBlock', 'ipAddress']),
    / \([^()]*cidrBlock[^()]*ipAddress[^()]*\)/,
  );
  assert.doesNotMatch(saidOf('MISSING_ONE_OF_ATTRIBUTES', ['cidrBlock']), /[()]|cidrBlock/);
});

test('values too many are ignored, numbers are taken, and a value is never read as a template', () => {
  assert.equal(saidOf('ALERT_NOT_FOUND', ['5f1', 'g-7', 'more']), saidOf('ALERT_NOT_FOUND', ['5f1', 'g-7']));
  assert.match(saidOf('ACKNOWLEDGEMENT_COMMENT_TOO_LONG', [200]), /200/);
  assert.match(saidOf('ALERT_NOT_FOUND', ['{group} ($&)', 'g-7']), /\(\{group\} \(\$&\)\)/);
});

test('an API key is not shown in full', () => {
  const message = saidOf('GROUP_API_KEY_NOT_FOUND', ['0123456789abcdef']);
  assert.match(message, /…cdef/);
  assert.doesNotMatch(message, /abcdef/);
});

test('the catalogue is imported only when an error is met, or as a type', () => {
  for (const file of globSync(['lib/**/*.ts', 'functions/**/*.ts', 'infra/**/*.ts'], { cwd: root })) {
    // The operations about errors are what it is for.
    if (/^(lib\/error-catalogue|functions\/errors)\//.test(file)) continue;
    const imports = readFileSync(new URL(file, root), 'utf8').matchAll(
      /^(?:import|export)\s(?!type\s)[^;]*?from\s+'[^']*error-catalogue\/(?!parameters|entry|fill|category|problems)[^']*'/gm,
    );
    assert.deepEqual([...imports].map(String), [], file);
  }
});

// The vendor's tables in English and Portuguese, and what is known of each code. They stand beside the repository
// where it is developed; the rest of this file needs none of them.

const seeds = {
  en: new URL('../shared/seeds/001_d899fb9b0646048f.txt', root),
  'pt-BR': new URL('../shared/seeds/000_7e8f3aaa2ca716a7.txt', root),
};
const facts = new URL('../shared/facts/ops-manager-error-codes.json', root);
const skip = [seeds.en, seeds['pt-BR'], facts].every((file) => existsSync(file))
  ? false
  : "the vendor's tables are not beside the repository";

// Both tables lost this row's code and run its sentence into the row before.
const orphan = {
  code: 'LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP',
  after: 'LINK_EXPIRATION_AFTER_SNAPSHOT_DELETION',
};
const onlyInPortuguese = 'INCORRECT_SNMP_PORT';

function vendorTable(language: Language): Map<string, string> {
  const table = new Map<string, string>();
  let code = '';
  for (const line of readFileSync(seeds[language], 'utf8')
    .split('\n')
    .map((text) => text.trim())) {
    if (/^[A-Z\d]+(_[A-Z\d]+)+$/.test(line)) code = line;
    else if (line.startsWith('←')) break;
    else if (code && line && !/^\d{3}$/.test(line)) {
      if (code === orphan.after && table.has(code)) code = orphan.code;
      table.set(code, `${table.get(code) ?? ''} ${line}`.trim());
    }
  }
  return table;
}

for (const language of languages) {
  test(`${language}: the vendor's table has no code that the catalogue lacks, nor the other way round`, {
    skip,
  }, () => {
    const theirs = [...vendorTable(language).keys(), ...(language === 'en' ? [onlyInPortuguese] : [])];
    assert.deepEqual(theirs.sort(), catalogueErrors.map(({ code }) => code).sort());
  });

  test(`${language}: the parameters are those of the vendor's table, in its order`, { skip }, () => {
    for (const [code, sentence] of vendorTable(language)) {
      const theirs = [...sentence.matchAll(/<([^>]+)>|\{([^}]+)\}/g)].map(
        ([, angled, curled]) => angled ?? curled ?? '',
      );
      assert.deepEqual(found(code).parameters, parameterNames(theirs), code);
    }
  });

  test(`${language}: no sentence is the vendor's, nor nearly`, { skip }, () => {
    const theirs = [...vendorTable(language)].map(([code, text]) => ({ code, words: new Set(words(text)) }));
    for (const error of catalogueErrors)
      for (const text of sentences(error[language].message, error[language].remedy))
        for (const their of theirs)
          assert.ok(
            overlap(new Set(words(text)), their.words) <= 0.7,
            `${error.code}: "${text}" is too near to the vendor's sentence for ${their.code}`,
          );
  });
}

test('each status is the documented one', { skip }, () => {
  const known = z
    .array(
      z.object({
        code: z.string(),
        httpStatus: z.int().nullable(),
        atlasHttpStatus: z.int().optional(),
        formerCode: z.string().optional(),
      }),
    )
    .parse(JSON.parse(readFileSync(facts, 'utf8')));
  assert.equal(known.length, catalogueErrors.length);
  for (const { code, httpStatus, atlasHttpStatus, formerCode } of known) {
    const { status, atlasStatus, formerCode: ourFormerCode } = found(code);
    assert.deepEqual(
      [status, atlasStatus, ourFormerCode],
      [httpStatus ?? 'unknown', atlasHttpStatus, formerCode],
      code,
    );
  }
});

/** The vendor's names in camel case; a name that occurs again gets a number. */
function parameterNames(theirs: string[]): string[] {
  const names = theirs.map((name) => {
    const parts =
      name === name.toUpperCase() || /[ :_-]/.test(name) ? name.toLowerCase().split(/[^a-z]+/) : [name];
    const joined = parts
      .map((part, index) => (index ? part.replace(/^./, (first) => first.toUpperCase()) : part))
      .join('');
    return joined.replace(/^./, (first) => first.toLowerCase());
  });
  return names.map((name, index) => {
    const isAlone = names.indexOf(name) === names.lastIndexOf(name);
    return isAlone ? name : `${name}${names.slice(0, index + 1).filter((other) => other === name).length}`;
  });
}

function words(text: string): string[] {
  return (
    text
      .replace(/<[^>]*>|\{[^}]*\}/g, ' ')
      .toLowerCase()
      .match(/[\p{L}\d]+/gu) ?? []
  );
}

function sentences(...texts: string[]): string[] {
  return [...texts, ...texts.flatMap((text) => text.split(/(?<=\.)\s+/))];
}

/** How much two texts have in common: 0 nothing, 1 all their words (Jaccard). */
function overlap(one: Set<string>, other: Set<string>): number {
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / (one.size + other.size - shared);
}
