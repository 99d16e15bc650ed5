/** An element of a small XML document: no namespaces, no document types. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, joined. */
  readonly text: string;
}

/** What is not well-formed, and where. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const nameAt = /[A-Za-z_][\w.-]*/y;
const skippedAt = /(?:\s+|<!--(?:(?!--)[\s\S])*-->|<\?(?:(?!\?>)[\s\S])*\?>)*/y;
const attributeAt = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads a document strictly: anything that is not well-formed is refused.
 *
 * @throws XmlError
 */
export function parseXml(source: string): XmlElement {
  let at = source.startsWith('\uFEFF') ? 1 : 0;

  const fail = (what: string): never => {
    throw new XmlError(`${what} at character ${at}`);
  };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const take = (literal: string): boolean => {
    if (!source.startsWith(literal, at)) return false;
    at += literal.length;
    return true;
  };
  const decoded = (raw: string): string =>
    raw.replace(/&([^;&\s]*);?/gu, (whole, name: string) => {
      const code = /^#(?:x([0-9a-fA-F]+)|(\d+))$/u.exec(name);
      const character = code ? characterOf(code) : entities[name];
      return character !== undefined && whole.endsWith(';') ? character : fail(`unknown entity ${whole}`);
    });

  const readAttributes = (): Record<string, string> => {
    const attributes: Record<string, string> = {};
    for (let found = match(attributeAt); found; found = match(attributeAt)) {
      const name = found[1] ?? '';
      if (Object.hasOwn(attributes, name)) fail(`a second attribute ${name}`);
      attributes[name] = decoded(found[2] ?? found[3] ?? '');
    }
    return attributes;
  };

  const readElement = (): XmlElement => {
    if (!take('<')) fail('an element was expected');
    const name = match(nameAt)?.[0] ?? fail('an element name was expected');
    const attributes = readAttributes();
    match(/\s*/y);
    if (take('/>')) return { name, attributes, children: [], text: '' };
    if (!take('>')) fail(`the tag <${name}> is not well-formed`);
    const children: XmlElement[] = [];
    let text = '';
    while (!source.startsWith('</', at)) {
      if (at >= source.length) fail(`<${name}> is not closed`);
      const special = match(/<!--(?:(?!--)[\s\S])*-->|<\?(?:(?!\?>)[\s\S])*\?>|<!\[CDATA\[([\s\S]*?)\]\]>/y);
      if (special) text += special[1] ?? '';
      else if (source[at] === '<') children.push(readElement());
      else text += decoded(match(/[^<]+/y)?.[0] ?? '');
    }
    at += 2;
    const closing = match(nameAt)?.[0];
    match(/\s*/y);
    if (closing !== name || !take('>')) fail(`<${name}> is closed by </${closing ?? ''}>`);
    return { name, attributes, children, text };
  };

  match(skippedAt);
  const root = readElement();
  match(skippedAt);
  if (at < source.length) fail('content behind the root element');
  return root;
}

function characterOf(code: RegExpExecArray): string | undefined {
  const point = code[1] === undefined ? Number(code[2]) : Number.parseInt(code[1], 16);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}
