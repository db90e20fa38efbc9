# Levels of air quality (decision 1459/QĐ-TCMT, table 1).
air-quality-good = Good
air-quality-moderate = Moderate
air-quality-unhealthy-for-sensitive = Poor
air-quality-unhealthy = Bad
air-quality-very-unhealthy = Very bad
air-quality-hazardous = Hazardous
