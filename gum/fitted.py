"""What evidence is worth, learnt at simulated desks. Made by `gumption train`; not to be edited.

From 4687 claims at 100 desks. At desks left out, by fifths: brier_skill 0.3555, ece 0.0366,
accuracy_above_08 0.961.
"""

from collections.abc import Mapping
from types import MappingProxyType

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "prior": 0.215,
        "places": 0.4851,
        "days": 0.233,
        "both": 0.0,
        "structure:sure": 1.829,
        "model:sure": 0.495,
        "structure:authored": 0.1926,
        "structure:acted-on": 1.6284,
        "structure:received": 1.5894,
        "structure:read": -1.3,
        "model:authored": 0.3753,
        "model:acted-on": 0.3063,
        "model:received": -0.9104,
        "model:read": -1.8749,
        "form:word": -1.0144,
        "form:across": -1.6573,
        "form:edge": -1.6997,
        "form:capital": 0.7571,
        "form:length": 0.3908,
        "type:working_on": 1.2278,
        "type:preparing_for": -0.133,
        "type:has_deadline": 0.0167,
        "type:prefers": -0.644,
        "type:interested_in": 1.5097,
        "type:struggling_with": -3.1304,
        "type:communicating_with": 0.8338,
        "type:plans_to_go": -1.0111,
        "type:learning": 0.0481,
        "type:uses_for": 2.3047,
        "type:waiting_for": -1.4093,
        "type:bought": 0.2662,
        "type:holds_role": 0.1253,
    }
)
