"""What the methods of a project's Store do with imaginary threads and items."""
