"""The pages of journeys: all of them, one as a flow with everybody in it, and the editor that makes one."""
