package main

import (
	"context"
	"fmt"
	"time"

	"ketnap/internal/app"
	"ketnap/internal/party"
	"ketnap/internal/postgres"
)

// vietnam is where a day begins and ends for the Party's work, wherever the server stands.
var vietnam = mustZone("Asia/Ho_Chi_Minh")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zones are built in
	}
	return zone
}

func today() party.Date { return party.DateOf(time.Now().In(vietnam)) }

// services puts the use cases over an open database whose schema is current.
func (p *program) services(ctx context.Context, db *postgres.DB) (*app.Services, error) {
	secret, err := p.settings.secret()
	if err != nil {
		return nil, err
	}
	s, err := app.New(db, secret, today)
	if err != nil {
		return nil, err
	}
	if err := s.Regulations.Seed(ctx); err != nil {
		return nil, fmt.Errorf("enter the shipped rules: %w", err)
	}
	return s, nil
}

// withServices runs a command over the database, whose schema must be current.
func (p *program) withServices(ctx context.Context, do func(*postgres.DB, *app.Services) error) error {
	db, err := p.openDB(ctx)
	if err != nil {
		return err
	}
	defer db.Close(context.WithoutCancel(ctx))
	return p.doWithServices(ctx, db, do)
}

// withMigratedServices is withServices for commands that begin an installation.
func (p *program) withMigratedServices(ctx context.Context, do func(*postgres.DB, *app.Services) error) error {
	db, err := p.attach(ctx)
	if err != nil {
		return err
	}
	defer db.Close(context.WithoutCancel(ctx))
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	return p.doWithServices(ctx, db, do)
}

func (p *program) doWithServices(ctx context.Context, db *postgres.DB, do func(*postgres.DB, *app.Services) error) error {
	s, err := p.services(ctx, db)
	if err != nil {
		return err
	}
	return do(db, s)
}
