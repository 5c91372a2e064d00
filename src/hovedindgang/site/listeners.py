"""Who listens to which event: the one table by which a lower room's deed reaches a higher room.

A listener is called after commit, at least once, in order per subject, with the event; it must be safe to repeat.
"""

RECOUNT = "hovedindgang.insight.listeners.recount"
FORGET_DRAFTS = "hovedindgang.desk.listeners.forget_old_drafts"

FORGET_DRAFTS_ABOUT = "hovedindgang.desk.listeners.forget_drafts_about"
TELL_HOUSE_ALARM = "hovedindgang.safety.listeners.tell_house_alarm"
ERASE_WARNINGS = "hovedindgang.safety.listeners.erase_expired"

LISTENERS: dict[str, tuple[str, ...]] = {
    "alarm.raised": (TELL_HOUSE_ALARM,),
    "citizen.erased": (FORGET_DRAFTS_ABOUT,),
    "contact.registered": (RECOUNT,),
    "contact.channel_corrected": (RECOUNT,),
    "contact.merged": (RECOUNT,),
    "contact.moved": (RECOUNT,),
    "contact.parted": (RECOUNT,),
    "contact.service_corrected": (RECOUNT,),
    "contact.struck": (RECOUNT,),
    "contact.taken_back": (RECOUNT,),
    "contact.times_corrected": (RECOUNT,),
    "contacts.imported": (RECOUNT,),
    "day.began": (RECOUNT, FORGET_DRAFTS, ERASE_WARNINGS),
    "enquiry.concluded": (RECOUNT,),
    "enquiry.followed": (RECOUNT,),
    "enquiry.for_whom_added": (RECOUNT,),
    "enquiry.found_wrong": (RECOUNT,),
    "enquiry.handed_over": (RECOUNT,),
    "enquiry.promise_moved": (RECOUNT,),
    "enquiry.reopened": (RECOUNT,),
    "handover.answered": (RECOUNT,),
    "handover.declined": (RECOUNT,),
    "handover.returned": (RECOUNT,),
    "register.imported": (RECOUNT,),
    "signpost.followed_up": (RECOUNT,),
    "tally.counted": (RECOUNT,),
    "version.adopted": (RECOUNT,),
}
