"""The municipality's own service, made ready to be simulated: the adopted model, and what is known of its demand.

`inputs` is what the council does not adopt: how many come, how they behave, who works where. Each number says where it
is from. `building` makes a scenario of a service model and its inputs, `changes` changes the two as a decision would,
and `reading` reads both from files.
"""
