"""Every topic that search listens to."""

from search.consumers.availability import AvailabilityMessage
from search.consumers.message import StateMessage
from search.consumers.offer import OfferMessage
from search.consumers.stock import StockMessage
from search.consumers.venue import VenueMessage

MESSAGES: dict[str, type[StateMessage]] = {
    model.topic: model for model in (VenueMessage, OfferMessage, StockMessage, AvailabilityMessage)
}
"""Topic → model."""
