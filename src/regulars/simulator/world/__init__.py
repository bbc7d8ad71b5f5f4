"""What the demo shop Kessel & Kraut sells, where its customers live, and how its trade goes."""
