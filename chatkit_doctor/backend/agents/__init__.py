"""The agents that an app makes: the models that they name, and the tools that they are given."""
