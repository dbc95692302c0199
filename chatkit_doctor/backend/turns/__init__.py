"""What a server does in a turn, from the message that it is given to the items that it yields and their ids."""
