// Refuses documents made to be expensive, before they are validated or planned.
import { GraphQLError, Kind, parse } from 'graphql';

const CODE = 'LIMIT_EXCEEDED';
const VALUES = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);

/**
 * A plugin: at most `tokens` in a document, and per operation at most `depth` levels of fields and so many
 * `aliases`, `directives` and `selections`, fragments counted wherever they are spread. Introspection has no
 * depth of its own.
 * Unless `frank`, error messages neither name fields that the client did not nor quote values that it did.
 */
export function limitDocuments({ tokens, frank, ...limits }) {
  const verdicts = new WeakMap();
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => parseShort(source, options, tokens));
      return ({ result, replaceParseResult }) => {
        if (result?.kind !== Kind.DOCUMENT) return;
        if (!verdicts.has(result)) verdicts.set(result, excess(result, limits));
        const problem = verdicts.get(result);
        if (problem) replaceParseResult(problem);
      };
    },
    onValidate() {
      if (frank) return undefined;
      return ({ valid, result, setResult }) => {
        if (!valid) setResult(result.map(discreet));
      };
    },
  };
}

function parseShort(source, options, tokens) {
  try {
    return parse(source, { ...options, maxTokens: tokens });
  } catch (error) {
    throw error.message.includes('tokens. Parsing aborted') ? tooMany('tokens', tokens) : error;
  }
}

function tooMany(what, limit) {
  return new GraphQLError(`The operation has too many ${what} (limit ${limit}).`, { extensions: { code: CODE } });
}

/** The error to answer with when the document is over a limit, else undefined. */
export function excess(document, limits) {
  const fragments = new Map();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map();
  for (const definition of document.definitions) {
    // A fragment that nothing spreads is walked by validation all the same.
    const size =
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? measureFragment(definition.name.value, fragments, measured)
        : measure(definition, fragments, measured);
    for (const [what, limit] of Object.entries(limits)) {
      if (size[what] > limit) {
        return tooMany(what === 'depth' ? 'levels' : what, limit);
      }
    }
  }
  return undefined;
}

/** Depth, aliases, directives and selections of a node with all below it. A fragment is measured once. */
function measure(node, fragments, measured) {
  const size = { depth: 0, aliases: node.alias ? 1 : 0, directives: node.directives?.length ?? 0, selections: 1 };
  const add = (part) => {
    size.depth = Math.max(size.depth, part.depth);
    size.aliases += part.aliases;
    size.directives += part.directives;
    size.selections += part.selections;
  };
  if (node.kind === Kind.FRAGMENT_SPREAD) add(measureFragment(node.name.value, fragments, measured));
  for (const child of node.selectionSet?.selections ?? []) add(measure(child, fragments, measured));
  if (node.kind === Kind.FIELD) {
    const introspection = node.name.value === '__schema' || node.name.value === '__type';
    size.depth = introspection ? 0 : size.depth + 1;
  }
  return size;
}

function measureFragment(name, fragments, measured) {
  if (!measured.has(name)) {
    // Counts as nothing inside itself: that a fragment contains itself is for validation to refuse.
    measured.set(name, { depth: 0, aliases: 0, directives: 0, selections: 0 });
    const fragment = fragments.get(name);
    if (fragment) measured.set(name, measure(fragment, fragments, measured));
  }
  return measured.get(name);
}

/** Without names that would have fitted, and without the value that did not fit. */
function discreet(error) {
  const [node] = error.nodes ?? [];
  const message = VALUES.has(node?.kind)
    ? 'Une valeur ne convient pas au type attendu.'
    : error.message.replace(/ ?Did you mean .*\?$/s, '');
  return new GraphQLError(message, { nodes: error.nodes, extensions: error.extensions });
}
