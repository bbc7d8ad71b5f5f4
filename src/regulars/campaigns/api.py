"""The door of campaigns: write them, let them go, approve, stop and cancel them, see what became of them."""

from regulars.campaigns.acting import Cancelled, approve, cancel, go_on, send, stop
from regulars.campaigns.files import read as read_file, written
from regulars.campaigns.keeping import drop, put, put_house, reset
from regulars.campaigns.lists import ListTold, Uploaded, lists, upload
from regulars.campaigns.planning import State, house, problems, size_of
from regulars.campaigns.rules.plan import CHANNELS, CRITERIA, WEEKDAYS, WHICH, Arm, Often, Plan, Timing
from regulars.campaigns.rules.reading import BadCampaign, read
from regulars.campaigns.rules.times import next_day
from regulars.campaigns.running.worker import run_once
from regulars.campaigns.shown import ArmTold, Became, CampaignTold, EditionTold, became, editions, listed, one

__all__ = [
    "CHANNELS",
    "CRITERIA",
    "WEEKDAYS",
    "WHICH",
    "Arm",
    "ArmTold",
    "BadCampaign",
    "Became",
    "CampaignTold",
    "Cancelled",
    "EditionTold",
    "ListTold",
    "Often",
    "Plan",
    "State",
    "Timing",
    "Uploaded",
    "approve",
    "became",
    "cancel",
    "drop",
    "editions",
    "go_on",
    "house",
    "listed",
    "lists",
    "next_day",
    "one",
    "problems",
    "put",
    "put_house",
    "read",
    "read_file",
    "reset",
    "run_once",
    "send",
    "size_of",
    "stop",
    "upload",
    "written",
]
