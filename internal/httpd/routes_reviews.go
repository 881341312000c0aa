package httpd

import (
	"net/http"

	"ketnap/internal/access"
)

// achievementRoutes are study results, titles, and what organisations ask of candidates.
func (s *site) achievementRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/people/{id}/achievements", Action: access.PeopleRead, Handler: s.showAchievements},
		{Method: http.MethodGet, Pattern: "/people/{id}/achievements/result", Action: access.AchievementsEdit, Handler: s.showResultForm},
		{Method: http.MethodPost, Pattern: "/people/{id}/achievements/result", Action: access.AchievementsEdit, Handler: s.saveResult},
		{Method: http.MethodGet, Pattern: "/people/{id}/achievements/title", Action: access.AchievementsEdit, Handler: s.showTitleForm},
		{Method: http.MethodPost, Pattern: "/people/{id}/achievements/title", Action: access.AchievementsEdit, Handler: s.saveTitle},
		{Method: http.MethodGet, Pattern: "/cells/{id}/achievements", Action: access.AchievementsEdit, Handler: s.showGrid},
		{Method: http.MethodPost, Pattern: "/cells/{id}/achievements", Action: access.AchievementsEdit, Handler: s.saveGrid},
		{Method: http.MethodGet, Pattern: "/organisations/{id}/criteria", Action: access.OrganisationsRead, Handler: s.showCriteria},
		{Method: http.MethodPost, Pattern: "/organisations/{id}/criteria", Action: access.CriteriaEdit, Handler: s.setCriteria},
	}
}

// reviewRoutes are the reviews of a cell's planning and the papers of them.
func (s *site) reviewRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/reviews", Action: access.ReviewsRead, Handler: s.showReviews},
		{Method: http.MethodGet, Pattern: "/reviews/new", Action: access.ReviewsEdit, Handler: s.showNewReview},
		{Method: http.MethodPost, Pattern: "/reviews/new", Action: access.ReviewsEdit, Handler: s.saveNewReview},
		{Method: http.MethodGet, Pattern: "/reviews/{id}", Action: access.ReviewsRead, Handler: s.showReview},
		{Method: http.MethodPost, Pattern: "/reviews/{id}", Action: access.ReviewsEdit, Handler: s.saveReview},
		{Method: http.MethodGet, Pattern: "/reviews/{id}/minutes", Action: access.ReviewsRead, Handler: s.showMinutes},
		{Method: http.MethodGet, Pattern: "/reviews/{id}/resolution", Action: access.ReviewsRead, Handler: s.showResolution},
	}
}
