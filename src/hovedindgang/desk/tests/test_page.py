import pytest
from hovedindgang.contacts.models import Contact, Enquiry

@pytest.mark.browser
def test_look(page_of, cast, db):
    page = page_of(cast.alice)
    msgs=[]
    page.on("console", lambda m: msgs.append(m.text)); page.on("pageerror", lambda e: msgs.append(str(e)))
    page.reload()
    page.screenshot(path="/tmp/F/1.png")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#receipt")
    page.screenshot(path="/tmp/F/2.png")
    print(msgs)
    print(Contact.objects.values(), Enquiry.objects.values())
