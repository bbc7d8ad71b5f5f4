"""The report's sections: each asks the lake its questions and answers with plain values."""
