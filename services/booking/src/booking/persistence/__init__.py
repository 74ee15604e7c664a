"""Tables, statements and the guards that hold whatever the code above them does."""
