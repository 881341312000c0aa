// Package demo fills an empty database with an invented committee: its organisations, accounts,
// classes and people, always the same from a fixed seed. Everything is recorded through the use
// cases, so that every path passes the gates of its dates. The term 2020-2025 reproduces the
// published figures of one report: 7 grassroots organisations with student members, 10 classes, 986
// introduced, 231 admitted, 297 student members at its end. All people are invented.
package demo
