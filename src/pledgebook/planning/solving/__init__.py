"""From a program to a plan: HiGHS, what may be found with it, and why nothing may be."""
