"""How people fare: speed, cost, agreement, known answers, and what sequential tests name for a look."""
