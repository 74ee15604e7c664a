"""What a client does with the generated package: it asks, and reads a typed answer. Prints what it read."""

import asyncio
import json
import uuid

import httpx
from pass_client import BookOfferInput, Client

ANSWER = {
    "data": {
        "bookOffer": {
            "__typename": "OfferBooked",
            "booking": {
                "id": "booking",
                "status": "CONFIRMED",
                "offerName": "Concert",
                "totalCents": 1000,
                "createdAt": "2026-11-22T10:00:00Z",
                "offer": {"id": "offer", "name": "Concert"},
            },
            "wallet": {"id": "wallet", "remainingCents": 29000},
        }
    }
}


async def main() -> None:
    asked = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(200, json=ANSWER)

    http = httpx.AsyncClient(transport=httpx.MockTransport(serve), base_url="http://pass.example")
    client = Client(url="http://pass.example/graphql", http_client=http)
    answer = await client.book_offer(input=BookOfferInput(stock_id="stock"), key=uuid.UUID(int=1))
    booked = answer.book_offer
    print(booked.booking.offer_name, booked.booking.created_at.year, booked.wallet.remaining_cents)
    print(asked[0]["variables"]["input"]["stockId"], asked[0]["variables"]["key"])


asyncio.run(main())
