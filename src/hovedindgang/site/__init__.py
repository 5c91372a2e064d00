"""Site: puts the rooms together and owns nothing itself.

Settings, the urls, the command line, the API's mount, and the one table of who listens to which event.
It stands on top of the house and may call every room.
"""
