"""Where a case can stand in fieldwork. Written by `dispositions` only."""

OPEN = "open"  # may be invited
NOT_SAMPLED = "not_sampled"  # kept as reserve
UNDELIVERABLE = "undeliverable"  # on every channel it had
QUOTA_FILLED = "quota_filled"  # never attempted because a phone quota was full
QUOTA_FILLED_TRIED = "quota_filled_tried"  # the same, but somebody had called: stays in the net sample
SELF_REPORTER = "self_reporter"  # a commissioner who is a client too: fills in the client questionnaire only
OPTED_OUT = "opted_out"  # stays in the net sample
REFUSED = "refused"  # stays in the net sample
CANNOT = "cannot"  # deceased, not able, or never a client: stays in the net sample, nobody asks again
FINISHED = "finished"  # reported by collection: nothing more is sent

LEAVES_NET_SAMPLE = (NOT_SAMPLED, UNDELIVERABLE, QUOTA_FILLED, SELF_REPORTER)
QUOTA = (QUOTA_FILLED, QUOTA_FILLED_TRIED)
# given up by us and not by them: who finishes all the same has been reached after all
MAY_STILL_FINISH = (OPEN, UNDELIVERABLE, *QUOTA)
