package access

import (
	"slices"

	"ketnap/internal/party"
)

// Action is something a viewer may be allowed to do.
type Action string

// The actions. Public and SignedIn are for routes that no grant is needed for.
const (
	Public   Action = "public"
	SignedIn Action = "signed-in"

	PeopleRead      Action = "people.read"      // lists, search, one person
	PeopleRegister  Action = "people.register"  // enter a new person
	PeopleEdit      Action = "people.edit"      // change a person's data
	PeopleSensitive Action = "people.sensitive" // ethnicity, religion, personal number
	DashboardRead   Action = "dashboard.read"   // counted figures without names
	ClassesRead     Action = "classes.read"
	ClassesEdit     Action = "classes.edit"
	ClassesNominate Action = "classes.nominate" // send people to a class
	DecisionsRead   Action = "decisions.read"
	DecisionsIssue  Action = "decisions.issue" // issue and cancel
	CeremoniesRead  Action = "ceremonies.read"
	CeremoniesPlan  Action = "ceremonies.plan" // plan, hold and call off
	StepsRecord     Action = "steps.record"    // open the step forms at all; each kind asks its own action
	StepsVoid       Action = "steps.void"      // void or correct a step
	StepsOverride   Action = "steps.override"  // authorise a step in spite of an unmet condition

	MentorsRead         Action = "mentors.read"
	IntroductionsRead   Action = "introductions.read"
	IntroductionsEnter  Action = "introductions.enter"  // a resolution of the Union with its names
	IntroductionsAnswer Action = "introductions.answer" // what the cell says to each

	ReviewsRead      Action = "reviews.read"
	ReviewsEdit      Action = "reviews.edit"      // keep a draft of a cell's review, and hold it
	AchievementsEdit Action = "achievements.edit" // study results and titles
	CriteriaEdit     Action = "criteria.edit"     // what an organisation asks of candidates

	DossiersRead Action = "dossiers.read"
	DossiersEdit Action = "dossiers.edit" // what is there of a dossier, and the letters of verification

	SubmissionsRead   Action = "submissions.read"
	SubmissionsSend   Action = "submissions.send"   // hand dossiers of a cell in, and withdraw them
	SubmissionsAnswer Action = "submissions.answer" // accept, return and hand on at a level

	CellsRead      Action = "cells.read"      // meetings and dues of a cell's members
	CellsEdit      Action = "cells.edit"      // enter a month of a cell
	ExemptionsEdit Action = "exemptions.edit" // who is exempt or suspended from meetings, by decision
	WarningsRead   Action = "warnings.read"   // what is told of members who drift
	WarningsAnswer Action = "warnings.answer" // what was done about it

	TransfersRead   Action = "transfers.read"
	TransfersIssue  Action = "transfers.issue"  // write papers and cancel them
	TransfersAnswer Action = "transfers.answer" // what the side says that is to receive

	CasesRead   Action = "cases.read"   // removal, expulsion, leaving, death, restoration
	CasesEdit   Action = "cases.edit"   // open a case, and the steps of the cell; a death
	CasesBase   Action = "cases.base"   // the proposal of the grassroots committee
	CasesDecide Action = "cases.decide" // the decision, and that on an appeal

	AssessmentsRead    Action = "assessments.read"    // yearly assessment and screening
	AssessmentsEdit    Action = "assessments.edit"    // what a cell proposes of its members' year
	AssessmentsApprove Action = "assessments.approve" // the decision of the grassroots committee

	OrganisationsRead Action = "organisations.read"
	OrganisationsEdit Action = "organisations.edit"
	TermsEdit         Action = "terms.edit"
	AccountsEdit      Action = "accounts.edit"
	RegulationsRead   Action = "regulations.read"
	RegulationsEdit   Action = "regulations.edit"
	AuditRead         Action = "audit.read"
)

// Record gives the action of recording a kind of step.
func Record(k party.StepKind) Action { return Action("record." + string(k)) }

var (
	readers   = []Role{Staff, Leader, Organiser, Grassroots, Secretary, Introducer, Checker}
	cellWork  = []Role{Staff, Grassroots, Secretary}
	committee = []Role{Staff, Leader}
	everyone  = Roles
)

// table is the whole of the rights: each action with the roles that may do it within their
// subtree. An action that is not here is done by nobody.
var table = map[Action][]Role{
	PeopleRead:      readers,
	PeopleRegister:  {Staff, Grassroots, Secretary, Introducer},
	PeopleEdit:      {Staff, Grassroots, Secretary},
	PeopleSensitive: {Staff, Grassroots, Secretary},
	DashboardRead:   {Staff, Leader, Organiser, Grassroots, Secretary, Checker},
	ClassesRead:     {Staff, Leader, Organiser, Grassroots, Secretary, Checker},
	ClassesEdit:     {Staff, Organiser},
	ClassesNominate: cellWork,
	DecisionsRead:   {Staff, Leader, Organiser, Grassroots, Secretary, Checker},
	DecisionsIssue:  committee,
	CeremoniesRead:  {Staff, Leader, Organiser, Grassroots, Secretary, Checker},
	CeremoniesPlan:  cellWork,
	StepsRecord:     {Staff, Leader, Organiser, Grassroots, Secretary, Introducer},
	StepsVoid:       {Staff, Grassroots, Secretary},
	StepsOverride:   {Leader},

	ReviewsRead:      {Staff, Leader, Organiser, Grassroots, Secretary, Checker},
	ReviewsEdit:      cellWork,
	AchievementsEdit: {Staff, Grassroots, Secretary, Introducer}, // an introducer sees only whom he introduced
	CriteriaEdit:     cellWork,

	Record(party.Introduced):            {Staff, Grassroots, Secretary, Introducer},
	Record(party.Planned):               cellWork,
	Record(party.MentorAssigned):        cellWork,
	Record(party.Remarked):              cellWork,
	Record(party.ClassResult):           {Staff, Organiser},
	Record(party.DossierComplete):       cellWork,
	Record(party.CellResolution):        cellWork,
	Record(party.Endorsed):              {Staff, Grassroots},
	Record(party.Extended):              committee,
	Record(party.Decided):               committee,
	Record(party.Ceremony):              cellWork,
	Record(party.RecognitionResolution): cellWork,
	Record(party.RecognitionDecision):   committee,
	Record(party.Dropped):               cellWork,
	Record(party.Received):              {Staff, Grassroots},
	Record(party.Overridden):            {Leader},

	MentorsRead:         {Staff, Leader, Grassroots, Secretary, Checker},
	IntroductionsRead:   readers,
	IntroductionsEnter:  {Staff, Grassroots, Secretary, Introducer},
	IntroductionsAnswer: cellWork,

	DossiersRead: {Staff, Leader, Grassroots, Secretary, Checker},
	DossiersEdit: cellWork,

	SubmissionsRead:   {Staff, Leader, Grassroots, Secretary, Checker},
	SubmissionsSend:   cellWork,
	SubmissionsAnswer: {Staff, Grassroots},

	CellsRead:      {Staff, Leader, Grassroots, Secretary, Checker},
	CellsEdit:      cellWork,
	ExemptionsEdit: {Staff, Leader, Grassroots},
	WarningsRead:   {Staff, Leader, Grassroots, Secretary, Checker},
	WarningsAnswer: {Staff, Leader, Grassroots, Secretary},

	TransfersRead:   {Staff, Leader, Grassroots, Secretary, Checker},
	TransfersIssue:  {Staff, Grassroots},
	TransfersAnswer: cellWork,

	CasesRead:   {Staff, Leader, Grassroots, Secretary, Checker},
	CasesEdit:   cellWork,
	CasesBase:   {Staff, Grassroots},
	CasesDecide: committee,

	AssessmentsRead:    {Staff, Leader, Grassroots, Secretary, Checker},
	AssessmentsEdit:    cellWork,
	AssessmentsApprove: {Staff, Grassroots},

	Record(party.Left):        {Staff, Leader, Grassroots, Secretary}, // a decision asks cases.decide, a death cases.edit
	Record(party.Restored):    committee,
	Record(party.RemovalVote): cellWork,

	OrganisationsRead: everyone,
	OrganisationsEdit: {Administrator, Staff},
	TermsEdit:         {Administrator},
	AccountsEdit:      {Administrator},
	RegulationsRead:   everyone,
	RegulationsEdit:   {Administrator},
	AuditRead:         {Checker, Administrator},
}

// Known tells whether an action is in the table or needs no grant. Routes must name a known one.
func Known(a Action) bool {
	_, ok := table[a]
	return ok || a == Public || a == SignedIn
}

func (r Role) may(a Action) bool { return slices.Contains(table[a], r) }

// RolesFor gives the roles that may do this, for pages that explain a refusal.
func RolesFor(a Action) []Role { return slices.Clone(table[a]) }
