"""Who returns where, what meets them there, and what is missing.

::

    offer     what an inventory says of each area: programmes, places, who said what
    needs     which needs are served, which are not, and of which nobody knows
    gap       people returning against places, by area and summed up
    ranking   areas in order under weights that a planner chooses, and how steady that order is

Everything here sees tables of codes and numbers, never a file. What an inventory leaves open stays an
interval."""
