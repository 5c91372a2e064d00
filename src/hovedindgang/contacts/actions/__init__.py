"""Deeds of the heart: register a contact, give an enquiry its outcome, hand over, signpost, amend, merge, count."""

from hovedindgang.contacts.actions.counting import count
from hovedindgang.contacts.actions.forgetting import Forgotten, Remains, forget_contacts, forget_old_keys
from hovedindgang.contacts.actions.handing_over import (
    accept_handover,
    answer_handover,
    decline_handover,
    hand_over,
    pass_answer_on,
    return_handover,
)
from hovedindgang.contacts.actions.importing import import_contacts
from hovedindgang.contacts.actions.merging import merge_contacts, part_contacts
from hovedindgang.contacts.actions.new import NewContact, NewEnquiry, NewHandover, NewSignpost, Receipt
from hovedindgang.contacts.actions.notes import add_note, amend_note
from hovedindgang.contacts.actions.outcomes import (
    add_for_whom,
    conclude_enquiry,
    correct_enquiry,
    follow_enquiry,
    note_got_there,
    reopen_enquiry,
    take_over_enquiry,
)
from hovedindgang.contacts.actions.registering import register_contact
from hovedindgang.contacts.actions.stating import state_reason

__all__ = [
    "Forgotten",
    "NewContact",
    "NewEnquiry",
    "NewHandover",
    "NewSignpost",
    "Receipt",
    "Remains",
    "accept_handover",
    "add_for_whom",
    "add_note",
    "amend_note",
    "answer_handover",
    "conclude_enquiry",
    "correct_enquiry",
    "count",
    "decline_handover",
    "follow_enquiry",
    "forget_contacts",
    "forget_old_keys",
    "hand_over",
    "import_contacts",
    "merge_contacts",
    "note_got_there",
    "part_contacts",
    "pass_answer_on",
    "register_contact",
    "reopen_enquiry",
    "return_handover",
    "state_reason",
    "take_over_enquiry",
]
