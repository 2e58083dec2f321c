//! The table itself. To change who may do what, change a line here; the printed matrix in
//! `docs/permissions.txt` shows the change to those who must agree with it.

use kernel::Role::{
    self, Anonymous, Auditor, Department, District, Employer, Expert, Finance, Lead, Learner, Operator, Provider,
};

use super::Act;
use super::Reach::{self, All, OwnDepartment, OwnDistrict, OwnOrg, OwnPerson, OwnProvider};

/// Everybody may see what is published.
const EVERYBODY: &[(Role, Reach)] = &[
    (Anonymous, All),
    (Lead, All),
    (Department, All),
    (District, All),
    (Provider, All),
    (Employer, All),
    (Learner, All),
    (Expert, All),
    (Finance, All),
    (Auditor, All),
    (Operator, All),
];

/// One line an act: the roles that may, and how far.
pub const TABLE: &[(Act, &[(Role, Reach)])] = &[
    // identity: each body keeps its own staff; the operator starts an empty installation.
    (
        Act::ListStaff,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnOrg),
            (Employer, OwnOrg),
            (Operator, All),
        ],
    ),
    (
        Act::GrantRole,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnOrg),
            (Employer, OwnOrg),
            (Operator, All),
        ],
    ),
    (
        Act::EndGrant,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnOrg),
            (Employer, OwnOrg),
            (Operator, All),
        ],
    ),
    (
        Act::IssueActivation,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnOrg),
            (Employer, OwnOrg),
            (Operator, All),
        ],
    ),
    (
        Act::ManageTokens,
        &[(Lead, All), (Provider, OwnOrg), (Employer, OwnOrg), (Operator, All)],
    ),
    (
        Act::ManageWebhooks,
        &[(Lead, All), (Provider, OwnOrg), (Employer, OwnOrg), (Operator, All)],
    ),
    (Act::SearchAudit, &[(Auditor, All), (Lead, All)]),
    // taxonomy
    (Act::ViewTerms, EVERYBODY),
    (Act::ImportCalendar, &[(Lead, All), (Operator, All)]),
    // orgs
    (
        Act::ListOrgs,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnOrg),
            (Employer, OwnOrg),
            (Auditor, All),
            (Operator, All),
        ],
    ),
    (
        Act::ViewOrg,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnOrg),
            (Employer, OwnOrg),
            (Auditor, All),
            (Operator, All),
        ],
    ),
    (Act::CreateOrg, &[(Lead, All), (District, OwnDistrict)]),
    (
        Act::EditOrg,
        &[
            (Lead, All),
            (District, OwnDistrict),
            (Provider, OwnOrg),
            (Employer, OwnOrg),
        ],
    ),
    // people
    (
        Act::ListPeople,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Employer, OwnOrg),
            (Auditor, All),
        ],
    ),
    (
        Act::ViewPerson,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Auditor, All),
        ],
    ),
    (
        Act::UnmaskPerson,
        &[
            (Lead, All),
            (District, OwnDistrict),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
        ],
    ),
    (
        Act::ExportPeople,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Employer, OwnOrg),
            (Auditor, All),
        ],
    ),
    (Act::CreatePerson, &[(District, OwnDistrict), (Employer, OwnOrg)]),
    (Act::EditPerson, &[(District, OwnDistrict), (Employer, OwnOrg)]),
    (Act::VerifyPerson, &[(District, OwnDistrict), (Employer, OwnOrg)]),
    (Act::MergePeople, &[(Lead, All), (District, OwnDistrict)]),
    (Act::ImportRoster, &[(District, OwnDistrict), (Employer, OwnOrg)]),
    // experts: the authorities keep the pool; whoever is invited answers and keeps their own facts.
    (
        Act::ListExperts,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Auditor, All),
        ],
    ),
    (
        Act::KeepExperts,
        &[(Lead, All), (Department, OwnDepartment), (District, OwnDistrict)],
    ),
    (Act::BeExpert, &[(Learner, OwnPerson), (Expert, OwnPerson)]),
    // notices and tasks
    (
        Act::PublishNotice,
        &[(Lead, All), (Department, OwnDepartment), (District, OwnDistrict)],
    ),
    (
        Act::ListNotices,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Auditor, All),
        ],
    ),
    (
        Act::ListTasks,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Finance, All),
            (Expert, OwnPerson),
        ],
    ),
    (
        Act::DoTask,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Expert, OwnPerson),
        ],
    ),
    // courses
    (
        Act::ListCourses,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Auditor, All),
        ],
    ),
    (Act::EditCourse, &[(Provider, OwnProvider)]),
    (
        Act::ListClasses,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Auditor, All),
        ],
    ),
    (Act::ViewClass, EVERYBODY),
    (Act::EditClass, &[(Provider, OwnProvider)]),
    (Act::PublishClass, &[(Provider, OwnProvider)]),
    (Act::CancelClass, &[(Lead, All), (Provider, OwnProvider)]),
    (Act::EnrolSelf, &[(Learner, OwnPerson)]),
    (Act::CheckIn, &[(Learner, OwnPerson)]),
    (Act::AnswerSurvey, &[(Learner, OwnPerson)]),
    (Act::EnrolStaff, &[(Employer, OwnOrg)]),
    (
        Act::WithdrawEnrolment,
        &[(Provider, OwnProvider), (Employer, OwnOrg), (Learner, OwnPerson)],
    ),
    (
        Act::ListEnrolments,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Auditor, All),
        ],
    ),
    (
        Act::ViewEnrolment,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Auditor, All),
        ],
    ),
    (Act::MarkAttendance, &[(Provider, OwnProvider)]),
    (Act::RecordResult, &[(Provider, OwnProvider)]),
    (Act::CompleteClass, &[(Provider, OwnProvider)]),
    (
        Act::ListReports,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Auditor, All),
        ],
    ),
    (Act::ReportClass, &[(Provider, OwnProvider)]),
    (Act::FileClass, &[(Provider, OwnProvider)]),
    (Act::RequestLateReport, &[(Provider, OwnProvider)]),
    (
        Act::DecideLateReport,
        &[(Lead, All), (Department, OwnDepartment), (District, OwnDistrict)],
    ),
    (Act::MarkCompulsory, &[(Lead, All)]),
    (Act::SetParameters, &[(Lead, All)]),
    // credits
    (Act::ListEditions, &[(Lead, All), (Auditor, All)]),
    (Act::DraftEdition, &[(Lead, All)]),
    (Act::ApproveEdition, &[(Lead, All)]),
    (Act::CountWhatIf, &[(Lead, All)]),
    (
        Act::ViewStatement,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Auditor, All),
        ],
    ),
    (
        Act::ListEntries,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Auditor, All),
        ],
    ),
    (
        Act::ListCompliance,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Employer, OwnOrg),
            (Auditor, All),
        ],
    ),
    (Act::ReverseEntry, &[(Lead, All)]),
    (Act::CloseYear, &[(Lead, All)]),
    (
        Act::CheckTitle,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
        ],
    ),
    (
        Act::ListTitleChecks,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Auditor, All),
        ],
    ),
    // claims: the person makes them, employers and bodies decide by turns, bodies check what was recognised.
    (Act::MakeClaim, &[(Learner, OwnPerson)]),
    (
        Act::ListClaims,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Auditor, All),
        ],
    ),
    (
        Act::DecideClaim,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Employer, OwnOrg),
        ],
    ),
    (
        Act::CheckClaims,
        &[(Lead, All), (Department, OwnDepartment), (District, OwnDistrict)],
    ),
    // disputes: a person speaks for themself, the provider answers, the body named in the case decides, the lead
    // decides once more.
    (
        Act::ListDisputes,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Auditor, All),
        ],
    ),
    (Act::OpenDispute, &[(Learner, OwnPerson)]),
    (Act::AnswerDispute, &[(Provider, OwnProvider)]),
    (
        Act::DecideDispute,
        &[(Lead, All), (Department, OwnDepartment), (District, OwnDistrict)],
    ),
    (Act::ReviewDispute, &[(Lead, All)]),
    (
        Act::ViewDisputeStatistics,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Auditor, All),
        ],
    ),
    // calls: the body whose call it is moves it on; departments and districts propose and recommend; hosts declare.
    (
        Act::ListCalls,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Finance, All),
            (Auditor, All),
        ],
    ),
    (
        Act::EditCall,
        &[(Lead, All), (Department, OwnDepartment), (District, OwnDistrict)],
    ),
    (
        Act::ApproveCall,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Finance, All),
        ],
    ),
    (
        Act::ListTopics,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Auditor, All),
        ],
    ),
    (
        Act::ProposeTopic,
        &[(Department, OwnDepartment), (District, OwnDistrict)],
    ),
    (
        Act::ListDeclarations,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Employer, OwnOrg),
            (Finance, All),
            (Auditor, All),
        ],
    ),
    (Act::MakeDeclaration, &[(Provider, OwnProvider), (Employer, OwnOrg)]),
    (
        Act::RecommendDeclaration,
        &[(Department, OwnDepartment), (District, OwnDistrict)],
    ),
    // credentials
    (
        Act::ListCredentials,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Provider, OwnProvider),
            (Employer, OwnOrg),
            (Learner, OwnPerson),
            (Auditor, All),
        ],
    ),
    (Act::IssueStatement, &[(Employer, OwnOrg), (Learner, OwnPerson)]),
    (
        Act::DownloadCredential,
        &[(Provider, OwnProvider), (Employer, OwnOrg), (Learner, OwnPerson)],
    ),
    (Act::RevokeCredential, &[(Lead, All), (Provider, OwnProvider)]),
    // reviews of declarations: the body whose call it is runs them, experts review what is theirs.
    (
        Act::ListRounds,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Auditor, All),
        ],
    ),
    (
        Act::RunRound,
        &[(Lead, All), (Department, OwnDepartment), (District, OwnDistrict)],
    ),
    (Act::ReviewDeclaration, &[(Expert, OwnPerson)]),
    // reports
    (
        Act::ViewStatistics,
        &[
            (Lead, All),
            (Department, OwnDepartment),
            (District, OwnDistrict),
            (Finance, All),
            (Auditor, All),
        ],
    ),
    // operation
    (Act::ListJobs, &[(Operator, All)]),
    (Act::ViewSystem, &[(Operator, All)]),
];
