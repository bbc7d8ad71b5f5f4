"""The log's machinery: inbox, sequencer, flush into the lake, bulk chunks, and the leases and marks that guard them."""
