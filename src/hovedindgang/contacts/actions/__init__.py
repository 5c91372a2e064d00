"""Deeds of the heart: register a contact, give an enquiry its outcome, hand over, signpost, amend, merge, count."""

from hovedindgang.contacts.actions.claiming import (
    beat,
    claim_contact,
    forget_presence,
    mind_claim,
    note_told,
    release_contact,
)
from hovedindgang.contacts.actions.consulting import (
    advice_given,
    answer_consultation,
    ask_consultation,
    forget_unregistered,
    join_to_contact,
    see_answer,
    withdraw_consultation,
)
from hovedindgang.contacts.actions.counting import count
from hovedindgang.contacts.actions.forgetting import (
    Forgotten,
    Remains,
    forget_contacts,
    forget_old_keys,
    leave_contacts,
)
from hovedindgang.contacts.actions.from_paper import say_from_paper
from hovedindgang.contacts.actions.handing_over import (
    accept_handover,
    answer_handover,
    decline_handover,
    hand_over,
    pass_answer_on,
    return_handover,
)
from hovedindgang.contacts.actions.importing import import_contacts
from hovedindgang.contacts.actions.journalising import journalise, note_journalised, settle_journal
from hovedindgang.contacts.actions.keeping import make_all_histories, make_histories, mark_everything
from hovedindgang.contacts.actions.mending import (
    correct_channel,
    correct_service,
    correct_times,
    move_contact,
    review_correction,
)
from hovedindgang.contacts.actions.merging import merge_contacts, part_contacts
from hovedindgang.contacts.actions.new import NewContact, NewEnquiry, NewHandover, NewSignpost, Receipt, Receiver
from hovedindgang.contacts.actions.notes import add_note, amend_note, contest_note
from hovedindgang.contacts.actions.once import came_before
from hovedindgang.contacts.actions.opening import open_matter
from hovedindgang.contacts.actions.outcomes import (
    add_for_whom,
    agree_another_day,
    conclude_enquiry,
    correct_enquiry,
    follow_enquiry,
    move_promise,
    note_got_there,
    reopen_enquiry,
    take_over_enquiry,
)
from hovedindgang.contacts.actions.registering import register_contact
from hovedindgang.contacts.actions.stating import state_reason
from hovedindgang.contacts.actions.taking_back import strike_contact, take_back_contact
from hovedindgang.contacts.actions.transferring import (
    accept_transfer,
    decline_transfer,
    is_still_hers,
    keep_or_let_go,
    lapse_transfers,
    offer_transfer,
    see_transfer,
    withdraw_transfer,
)

__all__ = [
    "Forgotten",
    "NewContact",
    "NewEnquiry",
    "NewHandover",
    "NewSignpost",
    "Receipt",
    "Receiver",
    "Remains",
    "accept_handover",
    "accept_transfer",
    "add_for_whom",
    "add_note",
    "advice_given",
    "agree_another_day",
    "amend_note",
    "answer_consultation",
    "answer_handover",
    "ask_consultation",
    "beat",
    "came_before",
    "claim_contact",
    "conclude_enquiry",
    "contest_note",
    "correct_channel",
    "correct_enquiry",
    "correct_service",
    "correct_times",
    "count",
    "decline_handover",
    "decline_transfer",
    "follow_enquiry",
    "forget_contacts",
    "forget_old_keys",
    "forget_presence",
    "forget_unregistered",
    "hand_over",
    "import_contacts",
    "is_still_hers",
    "join_to_contact",
    "journalise",
    "keep_or_let_go",
    "lapse_transfers",
    "leave_contacts",
    "make_all_histories",
    "make_histories",
    "mark_everything",
    "merge_contacts",
    "mind_claim",
    "move_contact",
    "move_promise",
    "note_got_there",
    "note_journalised",
    "note_told",
    "offer_transfer",
    "open_matter",
    "part_contacts",
    "pass_answer_on",
    "register_contact",
    "release_contact",
    "reopen_enquiry",
    "return_handover",
    "review_correction",
    "say_from_paper",
    "see_answer",
    "see_transfer",
    "settle_journal",
    "state_reason",
    "strike_contact",
    "take_back_contact",
    "take_over_enquiry",
    "withdraw_consultation",
    "withdraw_transfer",
]
