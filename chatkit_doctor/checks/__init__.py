"""The verdicts and their words: a folder per family of rules, a module per rule, named as its page."""
