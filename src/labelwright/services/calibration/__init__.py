"""Sessions in which people answer the same items without seeing each other's answers, and trainings."""
