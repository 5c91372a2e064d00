from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "hovedindgang.contacts"
    label = "contacts"
