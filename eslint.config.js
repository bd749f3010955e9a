// Lint rules: typed strictness for all sources, and the parts of the import law that an editor can
// show while typing (test/laws checks the whole law).
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name; only a DAG file of a user may have a default export.',
};

// SQL is static text with parameters. A template that starts like a statement and holds a value is a
// statement built from strings; a constant of the module (in capitals) is static text as well.
const noBuiltSql = {
  selector:
    'TemplateLiteral:has(> :not(TemplateElement, Identifier[name=/^[A-Z][A-Z_]*$/])) > TemplateElement:first-child[value.raw=/^\\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|CALL)\\s/]',
  message: 'Write the statement as static text and pass values as parameters ($1).',
};
const noJoinedSql = {
  selector:
    'BinaryExpression[operator="+"] > Literal.left[value=/^\\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|CALL)\\s/]',
  message: 'Write the statement as static text and pass values as parameters ($1).',
};

const never = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});

export default defineConfig(
  { ignores: ['node_modules', 'dist', '.podline', '**/*.d.ts'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylistic],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      // `.catch(() => {})` and a port that does nothing are said on purpose.
      '@typescript-eslint/no-empty-function': 'off',
      // A handler may return a value or nothing.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Objects are made by functions and use no `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // A type alias of an object is a record on purpose where JSON needs an index signature.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'runtime/**/*.ts', 'runtime/**/*.tsx', 'components/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noBuiltSql, noJoinedSql] },
  },
  {
    files: ['src/**/*.ts'],
    // The public door hands on the components.
    ignores: ['src/index.ts'],
    rules: never({
      group: [
        '**/runtime/**',
        '**/components/**',
        // Hashes and the loading of CommonJS packages are pure; all other modules of Node are not.
        'node:*',
        '!node:crypto',
        '!node:module',
        'pg',
        '@pulumi/*',
        '@kubernetes/*',
      ],
      message: 'src is pure: it imports neither runtime nor components and does no I/O.',
    }),
  },
  {
    files: ['runtime/**/*.ts'],
    rules: never({
      group: ['**/components/**', '@pulumi/*'],
      message: 'runtime imports neither components nor Pulumi.',
    }),
  },
  // What a task prints is its log.
  { files: ['runtime/worker/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['components/**/*.ts'],
    rules: never({
      group: ['**/runtime/**', 'pg', '@kubernetes/client-node'],
      message: 'components import neither runtime nor a database or cluster client.',
    }),
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A test says what it expects to be there; assert is the check.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Functions that exist to be type checked, or to keep a promise about their type.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/require-await': 'off',
      'no-console': 'off',
    },
  },
);
