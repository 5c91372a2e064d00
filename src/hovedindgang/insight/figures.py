"""The figures, each by the predicate that counts it: one meaning for the kept count and for the list behind it.

Predicates are SQL over the rows of `verdicts`, valid on both databases. Keys are column names of the kept tables.
"""

from __future__ import annotations

from hovedindgang.insight.rules import WINDOWS_BESIDE

# Windows by the word in the key: the model's own, and the two printed beside it.
WINDOW_KEYS = {"window": None, **{f"{days}_days": days for days in WINDOWS_BESIDE}}

ENQUIRY_FIGURES: dict[str, str] = {
    # who came, and what is counted
    "enquiries": "place NOT IN ('elsewhere', 'other_asker')",
    "judged": "place = 'in'",
    "solved": "place = 'in' AND solved = 'solved'",
    "not_solved": "place = 'in' AND solved = 'not_solved'",
    "open": "place = 'in' AND solved = 'open'",
    "transactions": "place = 'in' AND kind = 'transaction'",
    "transactions_solved": "place = 'in' AND kind = 'transaction' AND solved = 'solved'",
    "transactions_open": "place = 'in' AND kind = 'transaction' AND solved = 'open'",
    # set aside, each with its reason
    "elsewhere": "place = 'elsewhere'",
    "other_asker": "place = 'other_asker'",
    "unattended": "place = 'unattended'",
    "unattended_solved": "place = 'unattended' AND solved = 'solved'",
    "changed_mind": "place = 'changed_mind'",
    "same_matter": "place = 'same_matter'",
    "preparatory": "place = 'preparatory'",
    "apart": "place = 'apart'",
    "apart_came_back": "place = 'apart' AND came_again",
    "apart_got_there": "place = 'apart' AND got_there",
    # what happened to them
    "gave_up": "place = 'in' AND outcome = 'withdrawn'",
    "passed_on": "place = 'in' AND outcome = 'passed_on'",
    "sent_on": "place NOT IN ('elsewhere', 'other_asker') AND sent_on",
    "late": "place = 'in' AND late",
    "found_wrong": "place = 'in' AND found_wrong",
    "chasing": "place NOT IN ('elsewhere', 'other_asker') AND follows_how = 'chasing'",
    "not_helped": "place NOT IN ('elsewhere', 'other_asker') AND follows_how = 'not_helped'",
    "our_error": "place NOT IN ('elsewhere', 'other_asker') AND follows_how = 'our_error'",
    "came_again": "place = 'in' AND known AND came_again",
    "avoidable": "place NOT IN ('elsewhere', 'other_asker') AND avoidable",
    "avoidable_asked": "place NOT IN ('elsewhere', 'other_asker') AND avoidable IS NOT NULL",
    # outside the portfolio
    "outside": "place NOT IN ('elsewhere', 'other_asker', 'unattended') AND level IN ('guide', 'refer')",
    "outside_guided": (
        "place NOT IN ('elsewhere', 'other_asker', 'unattended') AND level IN ('guide', 'refer')"
        " AND (guidance_given OR outcome IN ('resolved', 'signposted'))"
    ),
    # indicator B
    "unknown": "place = 'in' AND NOT known",
}
for _word in WINDOW_KEYS:
    _once = f"once_{_word}"
    ENQUIRY_FIGURES |= {
        f"known_{_word}": f"place = 'in' AND known AND {_once} <> 'pending'",
        f"once_{_word}": f"place = 'in' AND known AND {_once} IN ('spot', 'promise')",
        f"unknown_{_word}": f"place = 'in' AND NOT known AND {_once} <> 'pending'",
    }
ENQUIRY_FIGURES |= {
    "on_the_spot": "place = 'in' AND known AND once_window = 'spot'",
    "on_promise": "place = 'in' AND known AND once_window = 'promise'",
    "pending": "place = 'in' AND known AND once_window = 'pending'",
    # what time alone will change: the day is counted anew tomorrow
    "waiting": "place = 'in' AND (solved = 'open' OR (outcome IN ('open', 'passed_on') AND NOT late) OR "
    + " OR ".join(f"once_{word} = 'pending'" for word in WINDOW_KEYS)
    + ")",
}

CONTACT_FIGURES: dict[str, str] = {
    "contacts": "ours > 0 OR unattended > 0",
    "judged": "n_in > 0",
    "solved": "n_in > 0 AND n_solved = n_in",
    "not_solved": "n_not > 0",
    "open": "n_not = 0 AND n_open > 0",
    # with what was signposted to other authorities counted as solved, and as not solved
    "with_apart": "n_in + n_apart > 0",
    "with_apart_solved": "n_in + n_apart > 0 AND n_solved = n_in",
    "with_apart_not_solved": "n_in > 0 AND n_solved = n_in AND n_apart = 0",
    "unattended": "unattended > 0",
    "unattended_solved": "unattended > 0 AND unattended_solved = unattended",
    "elsewhere": "n_elsewhere > 0",
    "other_asker": "n_other > 0",
    "met": "ours > 0",  # somebody of ours met the citizen: the denominator of not sent on
    "sent_on": "ours > 0 AND n_sent_on > 0",
    "not_sent_on": "ours > 0 AND n_sent_on = 0",
    # the ways the goal can also be read: a contact is self-service or a department's as a whole
    "with_self_service": "n_in > 0 OR unattended > 0",
    "with_self_service_solved": "(n_in > 0 AND n_solved = n_in) OR (unattended > 0 AND unattended_solved = unattended)",
    "with_elsewhere": "n_in > 0 OR n_elsewhere > 0",
    "registered_late": "late",  # afterwards, later than the model lets pass without a word
}

# What can be seen without judging: an enquiry (e) or its contact (c) that is not so is in none of these figures. A list
# judges only the others.
_SIGNPOSTED = "e.outcome = 'signposted'"
_OUTSIDE = "e.level IN ('guide', 'refer')"
_ASIDE_BY_CONTACT = {
    "elsewhere": "c.department_id IS NOT NULL",
    "other_asker": "c.who_asks NOT IN ('citizen', 'helper')",
    "unattended": "c.unattended",
    "unattended_solved": "c.unattended",
}
ENQUIRIES_NARROWED = {
    **_ASIDE_BY_CONTACT,
    "transactions": "e.kind = 'transaction'",
    "transactions_solved": "e.kind = 'transaction'",
    "transactions_open": "e.kind = 'transaction'",
    "same_matter": "e.follows_id IS NOT NULL",
    "preparatory": "e.preparatory",
    "apart": _SIGNPOSTED,
    "apart_came_back": _SIGNPOSTED,
    "apart_got_there": _SIGNPOSTED,
    "gave_up": "e.outcome = 'withdrawn'",
    "passed_on": "e.outcome = 'passed_on'",
    "late": "e.promised_on IS NOT NULL",
    "chasing": "e.follows_how = 'chasing'",
    "not_helped": "e.follows_how = 'not_helped'",
    "our_error": "e.follows_how = 'our_error'",
    "avoidable": "e.avoidable",
    "outside": _OUTSIDE,
    "outside_guided": _OUTSIDE,
    "on_the_spot": "e.on_the_spot",
}
CONTACTS_NARROWED = {**_ASIDE_BY_CONTACT, "registered_late": "c.late"}

# Counted of enquiries, kept beside contacts too: so that the line over time needs only the small table.
MATTER_FIGURES: dict[str, str] = {
    "matters_known": ENQUIRY_FIGURES["known_window"],
    "matters_once": ENQUIRY_FIGURES["once_window"],
}

TALLY_FIGURES: dict[str, str] = {
    "counted_information": "kind = 'information'",
    "counted_transaction": "kind = 'transaction'",
    "counted_reception": "kind = 'reception'",
}
