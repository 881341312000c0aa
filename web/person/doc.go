// Package person shows one person: how far he has come, what is missing for the next step and why,
// his dates, his time line and his data. It decides nothing.
package person
