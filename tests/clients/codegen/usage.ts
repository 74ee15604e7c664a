// What a client writes with the generated types: it compiles, and its mistakes do not.
import type { BookOfferMutation, BookOfferMutationVariables, FoundQuery, AgainQuery } from './operations';
import type { Node, Wallet } from './schema';

export const asked: BookOfferMutationVariables = { input: { stockId: 'a', quantity: 1 }, key: 'b' };

// @ts-expect-error: a booking names a stock
export const wrong: BookOfferMutationVariables = { input: { quantity: 1 }, key: 'b' };

export function sentence(answer: BookOfferMutation): string {
  const result = answer.bookOffer;
  switch (result.__typename) {
    case 'OfferBooked':
      return `${result.booking.offerName}, ${(result.wallet?.remainingCents ?? 0) / 100} € left`;
    case 'InsufficientCredit':
      return `${result.message} (${result.missingCents})`;
    default:
      return `${result.code}: ${result.message}`;
  }
}

export const wallet: Pick<Node & Wallet, 'id' | 'remainingCents'> = { id: 'w', remainingCents: 29000 };

export function names(found: FoundQuery): string[] {
  return found.searchOffers?.edges.map((edge) => edge.node.name) ?? [];
}

export function status(again: AgainQuery): string | undefined {
  return again.node?.__typename === 'Booking' ? again.node.status : undefined;
}
