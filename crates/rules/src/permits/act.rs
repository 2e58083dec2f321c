//! The acts: what code does to things. Names say the deed, never the role.

kernel::codes! {
    /// One deed that is permitted or not.
    pub enum Act {
        // identity
        ListStaff = "list_staff" "查看工作人员账号",
        GrantRole = "grant_role" "授予角色",
        EndGrant = "end_grant" "终止角色",
        IssueActivation = "issue_activation" "发放激活码",
        ManageTokens = "manage_tokens" "管理接口令牌",
        ManageWebhooks = "manage_webhooks" "管理事件通知",
        SearchAudit = "search_audit" "查询审计记录",
        // taxonomy
        ViewTerms = "view_terms" "查看词表",
        ImportCalendar = "import_calendar" "导入工作日历",
        // orgs
        ListOrgs = "list_orgs" "查看机构名册",
        ViewOrg = "view_org" "查看机构",
        CreateOrg = "create_org" "登记机构",
        EditOrg = "edit_org" "修改机构信息",
        // people
        ListPeople = "list_people" "查看人员名册",
        ViewPerson = "view_person" "查看人员",
        UnmaskPerson = "unmask_person" "查看未遮盖的个人信息",
        ExportPeople = "export_people" "导出人员名册",
        CreatePerson = "create_person" "登记人员",
        EditPerson = "edit_person" "修改人员信息",
        VerifyPerson = "verify_person" "核验人员身份",
        MergePeople = "merge_people" "合并重复人员",
        ImportRoster = "import_roster" "批量导入人员",
        // experts
        ListExperts = "list_experts" "查看专家库",
        KeepExperts = "keep_experts" "管理专家库",
        BeExpert = "be_expert" "办理本人专家事项",
        // files, notices, tasks
        PublishNotice = "publish_notice" "发布公告",
        ListNotices = "list_notices" "管理公告",
        ListTasks = "list_tasks" "查看待办",
        DoTask = "do_task" "办理待办",
        // courses
        ListCourses = "list_courses" "查看课程管理",
        EditCourse = "edit_course" "编制课程",
        ListClasses = "list_classes" "查看班次管理",
        ViewClass = "view_class" "查看班次",
        EditClass = "edit_class" "编制班次",
        PublishClass = "publish_class" "发布班次",
        CancelClass = "cancel_class" "取消班次",
        EnrolSelf = "enrol_self" "本人报名",
        EnrolStaff = "enrol_staff" "单位组织报名",
        WithdrawEnrolment = "withdraw_enrolment" "退出报名",
        ListEnrolments = "list_enrolments" "查看学员名单",
        ViewEnrolment = "view_enrolment" "查看报名",
        MarkAttendance = "mark_attendance" "登记出勤",
        CheckIn = "check_in" "扫码签到",
        AnswerSurvey = "answer_survey" "评价班次",
        RecordResult = "record_result" "录入结果",
        CompleteClass = "complete_class" "办理结业",
        ListReports = "list_reports" "查看报送记录",
        ReportClass = "report_class" "报送名单和结果",
        FileClass = "file_class" "备案平台外班次",
        RequestLateReport = "request_late_report" "申请逾期报送",
        DecideLateReport = "decide_late_report" "审批逾期报送",
        MarkCompulsory = "mark_compulsory" "列为必修课程",
        SetParameters = "set_parameters" "设定平台参数",
        // credits
        ViewStatement = "view_statement" "查看年度学时",
        ListEntries = "list_entries" "查看学时流水",
        ListCompliance = "list_compliance" "查看学时达标情况",
        ReverseEntry = "reverse_entry" "冲正学时",
        CloseYear = "close_year" "年度关账",
        CheckTitle = "check_title" "职称申报学时审核",
        ListTitleChecks = "list_title_checks" "查看职称申报学时审核",
        // claims
        MakeClaim = "make_claim" "申报学时",
        ListClaims = "list_claims" "查看学时申报",
        DecideClaim = "decide_claim" "确认、认定学时申报",
        CheckClaims = "check_claims" "抽查学时申报",
        // disputes
        ListDisputes = "list_disputes" "查看学时异议",
        OpenDispute = "open_dispute" "提出学时异议",
        AnswerDispute = "answer_dispute" "答复学时异议",
        DecideDispute = "decide_dispute" "决定学时异议",
        ReviewDispute = "review_dispute" "复核学时异议",
        ViewDisputeStatistics = "view_dispute_statistics" "查看异议统计",
        ListEditions = "list_editions" "查看学时规则版本",
        DraftEdition = "draft_edition" "起草学时规则版本",
        ApproveEdition = "approve_edition" "批准学时规则版本",
        CountWhatIf = "count_what_if" "测算规则变动影响",
        // calls
        ListCalls = "list_calls" "查看项目征集",
        EditCall = "edit_call" "组织项目征集",
        ApproveCall = "approve_call" "批复年度项目计划",
        ListTopics = "list_topics" "查看选题",
        ProposeTopic = "propose_topic" "提出选题",
        ListDeclarations = "list_declarations" "查看项目申报",
        MakeDeclaration = "make_declaration" "申报项目",
        RecommendDeclaration = "recommend_declaration" "推荐项目申报",
        // credentials
        ListCredentials = "list_credentials" "查看证书",
        IssueStatement = "issue_statement" "出具年度学时证明",
        DownloadCredential = "download_credential" "下载证书",
        RevokeCredential = "revoke_credential" "撤销证书",
        // reviews of declarations
        ListRounds = "list_rounds" "查看专家评审",
        RunRound = "run_round" "组织专家评审",
        ReviewDeclaration = "review_declaration" "评审打分",
        // reports
        ViewStatistics = "view_statistics" "查看法定统计",
        // operation
        ListJobs = "list_jobs" "查看后台任务",
        ViewSystem = "view_system" "查看系统状态",
    }
}

impl Act {
    /// Acts that only the administrator among an organisation's staff may do.
    #[must_use]
    pub const fn for_administrators(self) -> bool {
        matches!(
            self,
            Self::ListStaff
                | Self::GrantRole
                | Self::EndGrant
                | Self::IssueActivation
                | Self::ManageTokens
                | Self::ManageWebhooks
        )
    }

    /// The act through which the same thing is seen: who has that one knows that the thing exists.
    #[must_use]
    pub const fn seen_through(self) -> Self {
        match self {
            Self::EditOrg | Self::CreateOrg => Self::ViewOrg,
            Self::UnmaskPerson | Self::EditPerson | Self::VerifyPerson | Self::MergePeople | Self::CreatePerson => {
                Self::ViewPerson
            }
            Self::ListStaff | Self::GrantRole | Self::EndGrant | Self::IssueActivation | Self::ImportRoster => {
                Self::ViewOrg
            }
            Self::MarkCompulsory => Self::ListCourses,
            Self::EditClass | Self::PublishClass | Self::CancelClass | Self::EditCourse => Self::ViewClass,
            Self::MarkAttendance | Self::RecordResult | Self::CompleteClass | Self::ListEnrolments => Self::ViewClass,
            Self::ReportClass | Self::FileClass | Self::RequestLateReport => Self::ViewClass,
            Self::DecideLateReport => Self::ListReports,
            Self::WithdrawEnrolment => Self::ViewEnrolment,
            Self::ReverseEntry | Self::IssueStatement | Self::ListEntries => Self::ViewStatement,
            Self::CheckTitle => Self::ViewStatement,
            Self::DraftEdition | Self::ApproveEdition | Self::CountWhatIf => Self::ListEditions,
            Self::RevokeCredential | Self::DownloadCredential => Self::ListCredentials,
            Self::DecideClaim | Self::MakeClaim => Self::ListClaims,
            Self::OpenDispute | Self::AnswerDispute | Self::DecideDispute | Self::ReviewDispute => Self::ListDisputes,
            Self::EditCall | Self::ApproveCall => Self::ListCalls,
            Self::ProposeTopic => Self::ListTopics,
            Self::MakeDeclaration | Self::RecommendDeclaration => Self::ListDeclarations,
            Self::KeepExperts => Self::ListExperts,
            Self::RunRound => Self::ListRounds,
            Self::DoTask => Self::ListTasks,
            other => other,
        }
    }
}
