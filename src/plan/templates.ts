/**
 * Reads the templates in a task's strings with the parser of nunjucks, which also renders them in the
 * worker: finds what they refer to (var.NAME, conn.ID, xcom.TASK) and what does not parse.
 */
import { createRequire } from 'node:module';

/** A node of the nunjucks syntax tree; its parser has no types. */
interface TreeNode {
  typename: string;
  fields: readonly string[];
  lineno: number;
  [field: string]: unknown;
}

interface Parser {
  parse(text: string, extensions: never[], options: { tags: typeof TEMPLATE_TAGS }): TreeNode;
}

/** `{#` opens no comment, because bash writes `${#list}`: no text holds these two. */
export const TEMPLATE_TAGS = { commentStart: '{\u0000#', commentEnd: '#\u0000}' };

const { parse } = createRequire(import.meta.url)('nunjucks/src/parser.js') as Parser;

/** Tags that would read other files or define what no other template could see. */
const REFUSED_TAGS: Record<string, string> = {
  Include: 'include',
  Import: 'import',
  FromImport: 'from ... import',
  Extends: 'extends',
};

export interface TemplateReport {
  /** Paths below `xcom`: ["clean", "dedupe", "rows"] for xcom.clean.dedupe.rows. */
  xcoms: { path: string[]; line: number }[];
  variables: string[];
  connections: string[];
  problems: string[];
}

export function mayBeTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

export function readTemplate(text: string): TemplateReport {
  const report: TemplateReport = { xcoms: [], variables: [], connections: [], problems: [] };
  let tree: TreeNode;
  try {
    tree = parse(text, [], { tags: TEMPLATE_TAGS });
  } catch (error) {
    report.problems.push(parseProblem(text, error));
    return report;
  }
  const open: unknown[] = [tree];
  while (open.length > 0) {
    const node = open.pop();
    if (Array.isArray(node)) open.push(...(node as unknown[]));
    else if (isNode(node)) open.push(...visit(node, report));
  }
  return report;
}

/** Returns the nodes to look at next. */
function visit(node: TreeNode, report: TemplateReport): unknown[] {
  if (Object.hasOwn(REFUSED_TAGS, node.typename)) {
    report.problems.push(
      `line ${node.lineno + 1}: "${REFUSED_TAGS[node.typename]}" is not available`,
    );
  }
  if (node.typename === 'Symbol') {
    refer(node.value as string, [], node, report);
    return [];
  }
  if (node.typename !== 'LookupVal') return node.fields.map((field) => node[field]);
  // a.b[c].d is LookupVal(LookupVal(LookupVal(a, 'b'), c), 'd'); walk down to the root.
  const keys: TreeNode[] = [];
  let root = node;
  while (root.typename === 'LookupVal') {
    keys.unshift(root.val as TreeNode);
    root = root.target as TreeNode;
  }
  const dynamic = keys.findIndex((key) => key.typename !== 'Literal');
  if (root.typename !== 'Symbol') return [root, ...keys];
  const path = (dynamic === -1 ? keys : keys.slice(0, dynamic)).map((key) => String(key.value));
  refer(root.value as string, path, node, report);
  return dynamic === -1 ? [] : keys.slice(dynamic);
}

function refer(root: string, path: string[], node: TreeNode, report: TemplateReport): void {
  if (root !== 'xcom' && root !== 'var' && root !== 'conn') return;
  const [first] = path;
  const line = node.lineno + 1;
  if (first === undefined) {
    const example = { xcom: 'xcom.TASK', var: 'var.NAME', conn: 'conn.ID.host' }[root];
    report.problems.push(`line ${line}: "${root}" needs a fixed name after it, as in ${example}`);
  } else if (root === 'xcom') report.xcoms.push({ path, line });
  else if (root === 'var') report.variables.push(first);
  else report.connections.push(first);
}

/** The parser gives no line when the text ends too early: then it is that of the last opening. */
function parseProblem(text: string, error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  const { lineno, message } = error as { lineno?: number; message: string };
  const words = message
    .split('\n')
    .at(-1)
    ?.trim()
    .replace(/^\w*Error: /, '');
  if (lineno !== undefined) return `line ${lineno}: ${words}`;
  if (error instanceof TypeError || words?.includes('variable end')) {
    return `line ${lineOfLast(text, '{{')}: "{{" is never closed by "}}"`;
  }
  return `line ${lineOfLast(text, '{%')}: ${words}`;
}

function lineOfLast(text: string, opening: string): number {
  return text.slice(0, Math.max(0, text.lastIndexOf(opening))).split('\n').length;
}

function isNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'typename' in value;
}
