"""Practice: invented people, the same pages, nothing sent and nothing counted.

Who practises works in a second house, over a database of its own. This room holds the way there and back: the pass that
signs an employee of the real house in, what the practice house would have sent, and the wish to have it made anew. Owns
the passes that have been used. Calls people, policy and kernel; `site.practice_house` makes the house and clears it.
"""
