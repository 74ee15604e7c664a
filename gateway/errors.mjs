// What a client is told when something goes wrong behind the gateway, and what the log may keep of it.
import { GraphQLError } from 'graphql';

const UNREACHABLE = new Set(['SUBREQUEST_HTTP_ERROR', 'GATEWAY_TIMEOUT', 'RESPONSE_VALIDATION_FAILED']);

/**
 * The error to show. A subgraph's own errors and refused documents are shown as they are; a subgraph that does
 * not answer is named; variables that do not fit the document, which the engine leaves without a code, get the
 * subgraphs' own; a bug of the gateway is hidden. Whatever is not shown as it is gets logged, so it loses
 * what people wrote in their request.
 */
export function maskError(error) {
  const { code, serviceName } = error.extensions ?? {};
  if (UNREACHABLE.has(code)) {
    forgetContents(error);
    return told(error, `Le service « ${serviceName} » ne répond pas : réessayez dans un instant.`, {
      code: 'UNAVAILABLE',
      service: serviceName,
    });
  }
  if (isGraphQLError(error) && !foreignCause(error)) return withCode(error);
  forgetContents(error);
  return told(error, "Une erreur inattendue s'est produite.", { code: 'INTERNAL' });
}

/** The same error, for another one would be logged, and a refused variable is quoted in its message. */
function withCode(error) {
  error.extensions.code ??= 'BAD_INPUT';
  return error;
}

/** As `mask`, and where the engine quotes what it cannot read or what does not fit, it says only where. */
export function discreetly(mask) {
  return (error) => {
    const masked = mask(error);
    const variable = /^Variable "\$(\w{1,40})"/.exec(masked.message)?.[1];
    if (variable && masked.extensions.code === 'BAD_INPUT') {
      masked.message = `La variable $${variable} a une valeur qui ne convient pas.`;
    } else if (masked.message.startsWith('Syntax Error: ')) {
      masked.message = "Le document n'est pas du GraphQL.";
    } else if (masked.message.startsWith('Unexpected parameter ')) {
      masked.message = 'Le corps doit être un objet JSON : query, variables, operationName, extensions.';
    }
    return masked;
  };
}

function told(error, message, extensions) {
  return new GraphQLError(message, { nodes: error.nodes, path: error.path, extensions });
}

/** Drops the bodies sent and received; a network failure's message names an address, another's may quote a body. */
function forgetContents(error) {
  const { extensions } = error;
  if (!extensions) return;
  delete extensions.request;
  delete extensions.response;
  if (UNREACHABLE.has(extensions.code) && extensions.code !== 'SUBREQUEST_HTTP_ERROR') error.message = extensions.code;
}

function isGraphQLError(error) {
  return error?.name === 'GraphQLError';
}

function foreignCause(error) {
  const cause = error.originalError;
  return Boolean(cause) && (!isGraphQLError(cause) || foreignCause(cause));
}
